import type * as pulumi from "@pulumi/pulumi";

interface Posture {
  posture: string;
}

/** Options of a component: `prod` protects it, and with it every child, from deletion. */
export function protectedOpts(
  { posture }: Posture,
  opts?: pulumi.ComponentResourceOptions,
): pulumi.ComponentResourceOptions {
  // Every child: if only some were protected, a destroy would delete the others. Not `false` for
  // dev, which would remove the protection by a parent.
  const protect = opts?.protect ?? (posture === "prod" ? true : undefined);
  return { ...opts, ...(protect === undefined ? {} : { protect }) };
}

/** Options of data, and of the policy and key that it needs: `prod` retains them without protection. */
export function retainedOpts<Opts extends pulumi.CustomResourceOptions>(
  { posture }: Posture,
  opts: Opts,
): Opts & { retainOnDelete: boolean } {
  return { ...opts, retainOnDelete: posture === "prod" };
}
