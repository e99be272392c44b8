"""Model package groups and model packages of Amazon SageMaker, and tags."""

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.sagemaker.exceptions import ConflictException, ValidationError
from moto.sagemaker.models import ModelPackage, SageMakerModelBackend, sagemaker_backends
from moto.sagemaker.responses import SageMakerResponse

moto_resource_from_arn = SageMakerModelBackend._get_resource_from_arn
moto_create_model_package = SageMakerModelBackend.create_model_package
moto_answer_create_model_package = SageMakerResponse.create_model_package
moto_answer_update_model_package = SageMakerResponse.update_model_package
moto_describe_model_package = ModelPackage.gen_response_object
moto_create_model_package_group = SageMakerResponse.create_model_package_group
moto_init_model_package = ModelPackage.__init__
moto_update_model_package = SageMakerModelBackend.update_model_package


def close() -> None:
    ModelPackage.__init__ = init_model_package
    ModelPackage.gen_response_object = describe_with_kept
    SageMakerModelBackend._get_resource_from_arn = resource_from_arn
    SageMakerModelBackend.add_tags = add_tags
    SageMakerModelBackend.create_model_package = create_model_package
    SageMakerModelBackend.update_model_package = update_model_package
    SageMakerResponse.create_model_package = answer_create_model_package
    SageMakerResponse.update_model_package = answer_update_model_package
    SageMakerResponse.create_model_package_group = create_model_package_group
    SageMakerResponse.delete_model_package_group = delete_model_package_group
    SageMakerResponse.delete_model_package = delete_model_package


# Members of a version that AWS keeps, and moto does not know.
KEPT = ("ModelCard", "ModelLifeCycle")


def answer_create_model_package(self: SageMakerResponse) -> ActionResult:
    return keep(self, moto_answer_create_model_package(self))


def answer_update_model_package(self: SageMakerResponse) -> ActionResult:
    return keep(self, moto_answer_update_model_package(self))


def keep(request: SageMakerResponse, answer: ActionResult) -> ActionResult:
    package = request.sagemaker_backend.model_packages[answer.result["ModelPackageArn"]]
    given = {name: request._get_param(name) for name in KEPT}
    package.kept = getattr(package, "kept", {}) | {k: v for k, v in given.items() if v is not None}
    return answer


def describe_with_kept(self: ModelPackage) -> dict[str, Any]:
    return moto_describe_model_package(self) | getattr(self, "kept", {})


def create_model_package_group(self: SageMakerResponse) -> ActionResult:
    # AWS refuses a name that is taken; moto overwrites the group.
    name = self._get_param("ModelPackageGroupName")
    existing = self.sagemaker_backend.model_package_groups.get(name)
    if existing is not None:
        raise ValidationError(f"Model Package Group already exists: {existing.arn}")
    return moto_create_model_package_group(self)


def create_model_package(self: SageMakerModelBackend, **kwargs: Any) -> str:
    # AWS takes a group's ARN too, refuses tags on its versions (they are the group's), and lets a
    # version wait for approval; moto knows only names, keeps the tags, and leaves the status out.
    group = kwargs["model_package_group_name"]
    if group:
        if kwargs["tags"]:
            raise ValidationError("Tags cannot be supplied together with ModelPackageGroupName")
        kwargs["model_package_group_name"] = group.split("/")[-1]
        kwargs["model_approval_status"] = kwargs["model_approval_status"] or "PendingManualApproval"
    return moto_create_model_package(self, **kwargs)


def init_model_package(self: ModelPackage, **kwargs: Any) -> None:
    # AWS does not give the number of a deleted version again; moto counts the existing versions.
    name = kwargs["model_package_group_name"]
    if name:
        backend = sagemaker_backends[kwargs["account_id"]][kwargs["region_name"]]
        group = backend.model_package_groups[name]
        group.last_version = kwargs["model_package_version"] = getattr(group, "last_version", 0) + 1
    moto_init_model_package(self, **kwargs)


def update_model_package(self: SageMakerModelBackend, **kwargs: Any) -> str:
    # AWS keeps omitted fields; moto empties them.
    package = self.describe_model_package(kwargs["model_package_arn"])
    before = package.model_approval_status, package.approval_description
    properties = dict(package.customer_metadata_properties or {})
    properties.update(kwargs["customer_metadata_properties"] or {})
    status, description = kwargs["model_approval_status"], kwargs["approval_description"]
    kept = {
        "model_approval_status": before[0] if status is None else status,
        "approval_description": before[1] if description is None else description,
        "customer_metadata_properties": properties,
    }
    return moto_update_model_package(self, **kwargs | kept)


def delete_model_package_group(self: SageMakerResponse) -> EmptyResult:
    # AWS deletes a group only when it is empty; moto has no DeleteModelPackageGroup.
    backend = self.sagemaker_backend
    name = self._get_param("ModelPackageGroupName").split("/")[-1]
    backend.describe_model_package_group(name)
    packages = backend.model_packages.values()
    if any(package.model_package_group_name == name for package in packages):
        raise ConflictException(
            f"ModelPackageGroup {name} cannot be deleted because it still contains model packages"
        )
    del backend.model_package_groups[name]
    return EmptyResult()


def delete_model_package(self: SageMakerResponse) -> EmptyResult:
    # AWS deletes one version by its ARN; moto has no DeleteModelPackage.
    backend = self.sagemaker_backend
    name = self._get_param("ModelPackageName")
    arn = backend.model_package_name_mapping.get(name, name)
    if arn not in backend.model_packages:
        raise ValidationError(f"ModelPackage {name} does not exist.")
    del backend.model_packages[arn]
    backend.model_package_name_mapping = {
        known: mapped
        for known, mapped in backend.model_package_name_mapping.items()
        if mapped != arn
    }
    return EmptyResult()


def resource_from_arn(self: SageMakerModelBackend, arn: str) -> Any:
    # AWS also tags model packages; moto answers 500 for their ARNs, and for resources without tags.
    if ":model-package/" in arn:
        resource = self.model_packages.get(arn)
    else:
        resource = moto_resource_from_arn(self, arn)
    if resource is None:
        raise ValidationError(f"Could not find resource {arn}")
    if resource.tags is None:
        resource.tags = []
    return resource


def add_tags(
    self: SageMakerModelBackend, arn: str, tags: list[dict[str, str]]
) -> list[dict[str, str]]:
    # AWS overwrites a tag of the same key; moto keeps both.
    resource = self._get_resource_from_arn(arn)
    keys = {tag["Key"] for tag in tags}
    resource.tags = [tag for tag in resource.tags if tag["Key"] not in keys] + list(tags)
    return resource.tags
