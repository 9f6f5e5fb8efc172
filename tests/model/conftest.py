import pytest

from app.model.schema import EntityType, Schema
from app.model.shapes import Checker, load_checker
from tests.model import associations


@pytest.fixture(scope="session")
def schema() -> Schema:
    return associations.schema()


@pytest.fixture(scope="session")
def association(schema: Schema) -> EntityType:
    return schema.entity_types["vereniging"]


@pytest.fixture(scope="session")
def checker(schema: Schema) -> Checker:
    return load_checker(schema, "vereniging")
