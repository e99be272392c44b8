"""Plays a pipeline's definition on this machine: the real scripts, with folders in place of S3."""

from __future__ import annotations

import json
import runpy
import shutil
import sys
import tarfile
from pathlib import Path
from typing import Any
from unittest.mock import patch


class Player:
    """One execution: what it left in S3, what it registered, and why it failed if it did."""

    def __init__(self, folder: Path, inputs: dict[str, bytes]) -> None:
        self.folder = folder
        self.known: dict[str, Any] = {"Execution.PipelineExecutionId": "abc123"}
        self.reports: dict[str, Path] = {}
        self.registered: dict[str, Any] | None = None
        self.failure: str | None = None
        for uri, content in inputs.items():
            file = self.place(uri)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)

    def place(self, uri: str) -> Path:
        """Where an S3 URI lies on this machine."""
        return self.folder / uri.replace("s3://", "s3/")

    def play(self, definition: dict[str, Any], parameters: dict[str, str]) -> Player:
        """Runs the steps in their order, and the branch that the condition chooses."""
        for declared in definition["Parameters"]:
            value = parameters.get(declared["Name"], declared.get("DefaultValue"))
            assert value is not None, f"parameter {declared['Name']} has no value"
            self.known[f"Parameters.{declared['Name']}"] = value
        self._steps(definition["Steps"])
        return self

    def value(self, expression: Any) -> Any:
        """What SageMaker would put in the place of an expression."""
        match expression:
            case {"Get": name}:
                return self.known[name]
            case {"Std:Join": {"On": glue, "Values": values}}:
                return glue.join(str(self.value(value)) for value in values)
            case {"Std:JsonGet": {"PropertyFile": {"Get": name}, "Path": path}}:
                found = json.loads(self.reports[name].read_text())
                for key in path.split("."):
                    found = found[key]
                return found
            case dict():
                return {key: self.value(value) for key, value in expression.items()}
            case list():
                return [self.value(item) for item in expression]
        return expression

    def _steps(self, steps: list[dict[str, Any]]) -> None:
        for step in steps:
            kind, arguments = step["Type"], step["Arguments"]
            if kind == "Condition":
                assert {it["Type"] for it in arguments["Conditions"]} == {"GreaterThanOrEqualTo"}
                met = all(
                    self.value(it["LeftValue"]) >= self.value(it["RightValue"])
                    for it in arguments["Conditions"]
                )
                self._steps(arguments["IfSteps" if met else "ElseSteps"])
            elif kind == "Processing":
                self._processing(step, self.value(arguments))
            elif kind == "Training":
                self._training(step["Name"], self.value(arguments))
            elif kind == "RegisterModel":
                self.registered = self.value(arguments)
            elif kind == "Fail":
                self.failure = self.value(arguments)["ErrorMessage"]

    def _processing(self, step: dict[str, Any], job: dict[str, Any]) -> None:
        root = self.folder / step["Name"]
        for it in job["ProcessingInputs"]:
            self._fetch(it["S3Input"]["S3Uri"], _local(root, it["S3Input"]["LocalPath"]))
        app = job["AppSpecification"]
        self._run(root, [*app["ContainerEntrypoint"], *app["ContainerArguments"]], {})
        for it in job["ProcessingOutputConfig"]["Outputs"]:
            uri = it["S3Output"]["S3Uri"]
            shutil.copytree(_local(root, it["S3Output"]["LocalPath"]), self.place(uri))
            name = f"ProcessingOutputConfig.Outputs['{it['OutputName']}'].S3Output.S3Uri"
            self.known[f"Steps.{step['Name']}.{name}"] = uri
            for file in step.get("PropertyFiles", []):
                if file["OutputName"] == it["OutputName"]:
                    name = f"Steps.{step['Name']}.PropertyFiles.{file['PropertyFileName']}"
                    self.reports[name] = self.place(uri) / file["FilePath"]

    def _training(self, name: str, job: dict[str, Any]) -> None:
        root = self.folder / name
        variables = {"SM_MODEL_DIR": root / "opt/ml/model"}
        for channel in job["InputDataConfig"]:
            folder = root / "opt/ml/input/data" / channel["ChannelName"]
            self._fetch(channel["DataSource"]["S3DataSource"]["S3Uri"], folder)
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
        self.place(uri).parent.mkdir(parents=True)
        with tarfile.open(self.place(uri), "w:gz") as archive:
            archive.add(variables["SM_MODEL_DIR"], arcname=".")
        self.known[f"Steps.{name}.ModelArtifacts.S3ModelArtifacts"] = uri

    def _fetch(self, uri: str, folder: Path) -> None:
        place = self.place(uri)
        folder.mkdir(parents=True)
        for file in [place] if place.is_file() else place.iterdir():
            shutil.copy(file, folder)

    def _run(self, root: Path, command: list[str], variables: dict[str, str]) -> None:
        python, script, *arguments = (word.replace("/opt/ml", f"{root}/opt/ml") for word in command)
        assert python == "python3"
        with (
            patch.object(sys, "argv", [script, *arguments]),
            patch.object(sys, "path", [str(Path(script).parent), *sys.path]),
            patch.dict("os.environ", variables),
        ):
            runpy.run_path(script, run_name="__main__")


def _local(root: Path, path: str) -> Path:
    return root / path.lstrip("/")
