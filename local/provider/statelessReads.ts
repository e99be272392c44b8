import { ReadRequest } from "@pulumi/pulumi/proto/provider_pb";

/**
 * Lets Pulumi's provider server answer an import, which reads a resource that has no state yet: the
 * server takes it for granted that every read brings one, and fails without.
 */
export function acceptReadsWithoutState(): void {
  // Field 3, the state, of length 0: an empty one.
  const empty = ReadRequest.deserializeBinary(Uint8Array.of(0x1a, 0x00)).getProperties();
  const deserialize = ReadRequest.deserializeBinary.bind(ReadRequest);
  ReadRequest.deserializeBinary = (bytes) => {
    const request = deserialize(bytes);
    return request.hasProperties() ? request : request.setProperties(empty);
  };
}
