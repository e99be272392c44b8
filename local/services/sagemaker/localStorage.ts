/**
 * Whether the disks are part of the host, which encrypts them: SageMaker accepts no key.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/InstanceStorage.html
 */
export function hasLocalStorage(instanceType: string): boolean {
  const family = instanceType.split(".")[1] ?? "";
  return /^([a-z]+\d+[a-z]*d[a-z]*|(g[5-9]|p[4-9]|trn\d).*)$/.test(family);
}
