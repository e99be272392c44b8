import * as pulumi from "@pulumi/pulumi";

/** Resolved value of a Pulumi output, or of an object of outputs. */
export function valueOf<T>(value: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => {
    pulumi.output(value).apply(resolve);
  });
}
