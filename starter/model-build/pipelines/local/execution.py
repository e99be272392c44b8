"""Local execution of a pipeline definition: the real scripts, with folders instead of S3."""

from __future__ import annotations

import json
import operator
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pipelines.local.environment import CREDENTIALS

_CONDITIONS = {"Equals": operator.eq, "GreaterThanOrEqualTo": operator.ge}


class LocalExecutionError(Exception):
    """A script failed, or the definition has something that a local run does not simulate."""


class LocalExecution:
    """One execution: its S3 objects, its registered model version, its failure message.

    `log` gets the name of each job before it runs; `on_output` runs after each processing job.
    """

    def __init__(
        self,
        folder: Path,
        inputs: Mapping[str, bytes],
        log: Callable[[str], None] = lambda _: None,
        on_output: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.folder = folder
        self._log = log
        self._on_output = on_output
        self.values: dict[str, Any] = {"Execution.PipelineExecutionId": "abc123"}
        self.reports: dict[str, Path] = {}
        self.registered: dict[str, Any] | None = None
        self.failure: str | None = None
        for uri, content in inputs.items():
            file = self.local_path(uri)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)

    def local_path(self, uri: str) -> Path:
        """Local path of an S3 URI."""
        return self.folder / uri.replace("s3://", "s3/")

    def output(self, step: str, folder: str) -> Path:
        """Local path of an output folder of a processing step that ran."""
        name = f"ProcessingOutputConfig.Outputs['{folder}'].S3Output.S3Uri"
        return self.local_path(self.values[f"Steps.{step}.{name}"])

    def run(self, definition: dict[str, Any], parameters: Mapping[str, str]) -> LocalExecution:
        """Runs the steps in order, and the branch that the condition selects."""
        for declared in definition["Parameters"]:
            value = parameters.get(declared["Name"], declared.get("DefaultValue"))
            _check(value is not None, f"parameter {declared['Name']} has no value")
            self.values[f"Parameters.{declared['Name']}"] = value
        self._steps(definition["Steps"])
        return self

    def resolve(self, expression: Any) -> Any:
        """Value of an expression of the definition, as SageMaker resolves it."""
        match expression:
            case {"Get": name}:
                return self.values[name]
            case {"Std:Join": {"On": separator, "Values": values}}:
                # AWS's schema of pipeline definitions has only texts and references in a join.
                _check(
                    all(isinstance(value, str) or list(value) == ["Get"] for value in values),
                    "Std:Join joins only texts and references",
                )
                return separator.join(str(self.resolve(value)) for value in values)
            case {"Std:JsonGet": {"PropertyFile": {"Get": name}, "Path": path}}:
                found = json.loads(self.reports[name].read_text())
                for key in path.split("."):
                    found = found[key]
                return found
            case dict():
                return {key: self.resolve(value) for key, value in expression.items()}
            case list():
                return [self.resolve(item) for item in expression]
        return expression

    def _steps(self, steps: list[dict[str, Any]]) -> None:
        for step in steps:
            kind, arguments = step["Type"], step["Arguments"]
            if kind == "Condition":
                types = {condition["Type"] for condition in arguments["Conditions"]}
                _check(types <= _CONDITIONS.keys(), f"step {step['Name']}: {sorted(types)}")
                is_met = all(
                    _CONDITIONS[condition["Type"]](
                        self.resolve(condition["LeftValue"]), self.resolve(condition["RightValue"])
                    )
                    for condition in arguments["Conditions"]
                )
                self._steps(arguments["IfSteps" if is_met else "ElseSteps"])
            elif kind == "Processing":
                self._processing(step, self.resolve(arguments))
            elif kind == "Training":
                self._training(step["Name"], self.resolve(arguments))
            elif kind == "RegisterModel":
                self.registered = self.resolve(arguments)
            elif kind == "Fail":
                self.failure = self.resolve(arguments)["ErrorMessage"]
            else:
                raise LocalExecutionError(
                    f"a local run does not simulate step {step['Name']} of type {kind}"
                )

    def _processing(self, step: dict[str, Any], job: dict[str, Any]) -> None:
        self._log(step["Name"])
        root = self.folder / step["Name"]
        for source in job["ProcessingInputs"]:
            s3_input = source["S3Input"]
            self._download(s3_input["S3Uri"], _inside(root, s3_input["LocalPath"]))
        app = job["AppSpecification"]
        self._run(root, [*app["ContainerEntrypoint"], *app["ContainerArguments"]], {})
        for output in job["ProcessingOutputConfig"]["Outputs"]:
            uri = output["S3Output"]["S3Uri"]
            shutil.copytree(_inside(root, output["S3Output"]["LocalPath"]), self.local_path(uri))
            name = f"ProcessingOutputConfig.Outputs['{output['OutputName']}'].S3Output.S3Uri"
            self.values[f"Steps.{step['Name']}.{name}"] = uri
            for file in step.get("PropertyFiles", []):
                if file["OutputName"] == output["OutputName"]:
                    name = f"Steps.{step['Name']}.PropertyFiles.{file['PropertyFileName']}"
                    self.reports[name] = self.local_path(uri) / file["FilePath"]
        self._on_output(step["Name"])

    def _training(self, name: str, job: dict[str, Any]) -> None:
        self._log(name)
        root = self.folder / name
        variables = {"SM_MODEL_DIR": root / "opt/ml/model"}
        for channel in job["InputDataConfig"]:
            folder = root / "opt/ml/input/data" / channel["ChannelName"]
            self._download(channel["DataSource"]["S3DataSource"]["S3Uri"], folder)
            variables[f"SM_CHANNEL_{channel['ChannelName'].upper()}"] = folder
        variables["SM_INPUT_CONFIG_DIR"] = root / "opt/ml/input/config"
        variables["SM_INPUT_CONFIG_DIR"].mkdir()
        (variables["SM_INPUT_CONFIG_DIR"] / "hyperparameters.json").write_text(
            json.dumps(job["HyperParameters"])
        )
        self._run(
            root,
            job["AlgorithmSpecification"]["ContainerEntrypoint"],
            {key: str(path) for key, path in variables.items()},
        )
        uri = f"{job['OutputDataConfig']['S3OutputPath']}/pipelines-abc123/output/model.tar.gz"
        self.local_path(uri).parent.mkdir(parents=True)
        with tarfile.open(self.local_path(uri), "w:gz") as archive:
            archive.add(variables["SM_MODEL_DIR"], arcname=".")
        self.values[f"Steps.{name}.ModelArtifacts.S3ModelArtifacts"] = uri

    def _download(self, uri: str, folder: Path) -> None:
        source = self.local_path(uri)
        if source.is_dir():
            shutil.copytree(source, folder)
        else:
            folder.mkdir(parents=True)
            shutil.copy(source, folder)

    def _run(self, root: Path, command: list[str], variables: dict[str, str]) -> None:
        python, *arguments = (part.replace("/opt/ml", f"{root}/opt/ml") for part in command)
        _check(python == "python3", f"a local run starts only python3, not {python}")
        # A process for each job, as on AWS: no script sees a module of another one.
        result = subprocess.run(  # noqa: S603
            [sys.executable, *arguments],
            cwd=root,
            env={**os.environ, **CREDENTIALS, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            output = f"{result.stdout}{result.stderr}".strip()
            raise LocalExecutionError(f"{Path(arguments[0]).name} failed:\n{output}")


def _check(is_simulated: bool, problem: str) -> None:
    if not is_simulated:
        raise LocalExecutionError(problem)


def _inside(root: Path, path: str) -> Path:
    return root / path.lstrip("/")
