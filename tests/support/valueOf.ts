import * as pulumi from "@pulumi/pulumi";

/** What a program's outputs are once all is known; of several, the one object of them. */
export function valueOf<T>(value: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => {
    pulumi.output(value).apply(resolve);
  });
}
