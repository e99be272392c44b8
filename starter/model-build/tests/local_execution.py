"""Local execution of a pipeline definition: the real scripts, with folders instead of S3."""

from __future__ import annotations

import json
import runpy
import shutil
import sys
import tarfile
from pathlib import Path
from typing import Any
from unittest.mock import patch


class LocalExecution:
    """One execution: its S3 objects, its registered model version, its failure message."""

    def __init__(self, folder: Path, inputs: dict[str, bytes]) -> None:
        self.folder = folder
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

    def run(self, definition: dict[str, Any], parameters: dict[str, str]) -> LocalExecution:
        """Runs the steps in order, and the branch that the condition selects."""
        for declared in definition["Parameters"]:
            value = parameters.get(declared["Name"], declared.get("DefaultValue"))
            assert value is not None, f"parameter {declared['Name']} has no value"
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
                assert all(isinstance(value, str) or list(value) == ["Get"] for value in values)
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
                assert {condition["Type"] for condition in arguments["Conditions"]} == {
                    "GreaterThanOrEqualTo"
                }
                is_met = all(
                    self.resolve(condition["LeftValue"]) >= self.resolve(condition["RightValue"])
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

    def _processing(self, step: dict[str, Any], job: dict[str, Any]) -> None:
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

    def _training(self, name: str, job: dict[str, Any]) -> None:
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
        folder.mkdir(parents=True)
        for file in [source] if source.is_file() else source.iterdir():
            shutil.copy(file, folder)

    def _run(self, root: Path, command: list[str], variables: dict[str, str]) -> None:
        python, script, *arguments = (part.replace("/opt/ml", f"{root}/opt/ml") for part in command)
        assert python == "python3"
        with (
            patch.object(sys, "argv", [script, *arguments]),
            patch.object(sys, "path", [str(Path(script).parent), *sys.path]),
            patch.dict("os.environ", variables),
        ):
            runpy.run_path(script, run_name="__main__")


def _inside(root: Path, path: str) -> Path:
    return root / path.lstrip("/")
