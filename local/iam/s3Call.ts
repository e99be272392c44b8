import type { WireRequest } from "./call";

/** What a request asks of S3, which tells its operations apart by method, path and subresource. */
export function s3Call({ body, headers, method, url }: WireRequest) {
  const [path = "", query] = url.split("?");
  const asked = new URLSearchParams(query);
  const { bucket, key } = place(path, headers.host ?? "");
  const level = bucket === "" ? "account" : key === "" ? "bucket" : "object";
  const operation = operationOf(level, method, asked, headers["x-amz-copy-source"] !== undefined);
  const parameters = { ...Object.fromEntries(asked), Bucket: bucket, Key: key };
  return {
    operation,
    parameters:
      operation === "DeleteObjects" ? { ...parameters, Delete: listed(body) } : parameters,
  };
}

/** Path style, or the bucket as the host's first label. */
function place(path: string, host: string): { readonly bucket: string; readonly key: string } {
  const parts = path.slice(1).split("/").map(decodeURIComponent);
  const virtual = /^(.+?)\.(?:s3[.-].*|localhost)(?::\d+)?$/.exec(host)?.[1];
  const [bucket = "", ...key] = virtual === undefined ? parts : [virtual, ...parts];
  return { bucket, key: key.join("/") };
}

const operations: Readonly<Record<string, string>> = {
  "account GET": "ListBuckets",
  "bucket DELETE": "DeleteBucket",
  "bucket GET": "ListObjects",
  "bucket GET acl": "GetBucketAcl",
  "bucket GET encryption": "GetBucketEncryption",
  "bucket GET list-type": "ListObjectsV2",
  "bucket GET location": "GetBucketLocation",
  "bucket GET policy": "GetBucketPolicy",
  "bucket GET uploads": "ListMultipartUploads",
  "bucket GET versioning": "GetBucketVersioning",
  "bucket GET versions": "ListObjectVersions",
  "bucket HEAD": "HeadBucket",
  "bucket POST delete": "DeleteObjects",
  "bucket PUT": "CreateBucket",
  "object DELETE": "DeleteObject",
  "object DELETE uploadId": "AbortMultipartUpload",
  "object GET": "GetObject",
  "object GET acl": "GetObjectAcl",
  "object GET attributes": "GetObjectAttributes",
  "object GET tagging": "GetObjectTagging",
  "object GET uploadId": "ListParts",
  "object HEAD": "HeadObject",
  "object POST uploadId": "CompleteMultipartUpload",
  "object POST uploads": "CreateMultipartUpload",
  "object PUT": "PutObject",
  "object PUT tagging": "PutObjectTagging",
  "object PUT uploadId": "UploadPart",
};

const copies: Readonly<Record<string, string>> = {
  PutObject: "CopyObject",
  UploadPart: "UploadPartCopy",
};

// Everything else in a query is a subresource, and changes what the request asks.
const options =
  /^(X-Amz-.*|bucket-region|continuation-token|delimiter|encoding-type|fetch-owner|key-marker|marker|max-.*|part-?number.*|prefix|response-.*|start-after|upload-id-marker|version-?id.*|x-id)$/i;

function operationOf(level: string, method: string, asked: URLSearchParams, isCopy: boolean) {
  const subresources = [...asked.keys()].filter((name) => !options.test(name));
  const request = [level, method, ...subresources].join(" ");
  const operation = operations[request];
  if (operation === undefined)
    throw new Error(`the authorizing proxy does not know the S3 operation of ${request}`);
  return isCopy ? (copies[operation] ?? operation) : operation;
}

/** The objects that a request names for deletion. */
function listed(body: Buffer) {
  return [...body.toString().matchAll(/<Object>(.*?)<\/Object>/gs)].map(([, entry = ""]) => ({
    Key: unescaped(/<Key>(.*?)<\/Key>/s.exec(entry)?.[1] ?? ""),
    VersionId: /<VersionId>(.*?)<\/VersionId>/s.exec(entry)?.[1],
  }));
}

function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = {
    amp: "&",
    apos: "'",
    gt: ">",
    lt: "<",
    quot: '"',
  };
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(String(hex), 16));
    return named[String(name)] ?? whole;
  });
}
