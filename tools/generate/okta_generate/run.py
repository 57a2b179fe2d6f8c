# SPDX-License-Identifier: Apache-2.0
"""Runs the passes one after the other."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from . import clashes, description, identity, overlay, structure
from .binding import Binding
from .build import Builder, typedefs
from .clusters import Clusters
from .ledger import Ledger
from .members import Members
from .model import Library
from .operations import Operations
from .shapes import Shapes, enum_values

# The order decides which description names what several share.
APIS = ("management", "oauth", "governance", "myaccount")


@dataclass
class Run:
    """What a run made."""

    library: Library
    ledger: Ledger
    missed: list[str]  # entries of the overlay that found nothing in descriptions that are not pinned


def _passes(ledger: Ledger, clusters: Clusters, reserved: set[str], survey: Binding | None = None) -> Operations:
    binding = Binding(ledger, clusters.shapes, clusters, reserved, survey)
    return Operations(ledger, clusters.shapes, clusters, binding, Members(ledger, binding, reserved))


def run(documents: dict[str, dict], entries: list[overlay.Entry], ledger: Ledger, pinned: set[str],
        hand_written: dict[str, str] | None = None) -> Run:
    """Makes the library of these documents, and adds to the ledger what is new. Changes the documents.

    `hand_written`: public names that no generated one may have, with where they are.
    """
    for api, document in documents.items():
        structure.check(api, document, marked=False)
    missed = overlay.apply(entries, documents, pinned)
    descriptions = [description.read(api, documents[api]) for api in APIS if api in documents]
    by_api = {found.api: found for found in descriptions}
    if "management" in by_api and "oauth" in by_api:
        identity.unify(by_api["management"], by_api["oauth"])
    shapes = Shapes()
    clusters = Clusters(shapes)
    reserved: set[str] = set()
    everything = [operation for found in descriptions for operation in found.operations]
    survey = _passes(copy.deepcopy(ledger), clusters, reserved)
    survey.propose(everything)
    reserved |= {identity.schema_name(schema) for found in descriptions for schema in found.schemas.values()
                 if clusters.has(schema) or any(map(enum_values, shapes.expand(schema)))}
    survey.plan_all(everything)
    operations = _passes(ledger, clusters, reserved, survey.binding)
    operations.plan_all(everything)
    binding, members = operations.binding, operations.members
    members.collect_structs()
    operations.collect_parameters()
    members.record()
    operations.record()
    typedefs(ledger, descriptions)
    if binding.problems:
        raise description.DescriptionError("name these in the overlay:\n" + "\n".join(binding.problems))
    ledger.close({planned.key: planned.successor for planned in operations.planned})
    library = Builder(ledger, descriptions, binding, members, operations).build()
    clashes.check(library, hand_written or {})
    return Run(library, ledger, missed)
