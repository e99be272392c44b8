import { type Definition, type Step, everyStep } from "./definition";
import { membersOf } from "./json";

/** Arguments of jobs that do not change what a job does; version 2 of the SageMaker SDK sends the first three. */
const ofJobs: Readonly<Record<string, string>> = {
  DebugHookConfig:
    "the debugger saves no tensors in the local cloud; off with debugger_hook_config=False",
  ProfilerConfig: "the job is not profiled in the local cloud; off with disable_profiler=True",
  ProfilerRuleConfigurations:
    "no rule is evaluated in the local cloud; off with disable_profiler=True",
  DebugRuleConfigurations: "no rule is evaluated in the local cloud",
  ExperimentConfig: "the job is in no experiment in the local cloud",
};

/** What a definition asks for that has no effect in the local cloud; one line each. */
export function notSimulated({ PipelineExperimentConfig, Steps }: Definition): string[] {
  const experiment =
    PipelineExperimentConfig === null
      ? []
      : [
          "PipelineExperimentConfig: no experiment is created in the local cloud; on AWS the roles need " +
            "sagemaker:CreateExperiment and sagemaker:CreateTrial; off with pipeline_experiment_config=None",
        ];
  const jobs = everyStep(Steps).flatMap((step) => {
    if (step.Type !== "Training" && step.Type !== "Processing") return [];
    return Object.entries(ofJobs)
      .filter(([name]) => name in step.Arguments && !isOff(step.Arguments[name]))
      .map(([name, text]) => `step ${step.Name}: ${name}: ${text}`);
  });
  return [...experiment, ...jobs, ...everyStep(Steps).flatMap(ofStep)];
}

function ofStep({ CacheConfig, Name, RetryPolicies }: Step): string[] {
  const isCached = membersOf(CacheConfig)?.Enabled === true;
  const isRetried = Array.isArray(RetryPolicies) && RetryPolicies.length > 0;
  return [
    ...(isCached ? [`step ${Name}: CacheConfig: the local cloud runs every step`] : []),
    ...(isRetried ? [`step ${Name}: RetryPolicies: the local cloud retries no step`] : []),
  ];
}

function isOff(config: Definition["PipelineExperimentConfig"] | undefined): boolean {
  return config === undefined || membersOf(config)?.DisableProfiler === true;
}
