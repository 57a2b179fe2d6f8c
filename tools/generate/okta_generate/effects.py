# SPDX-License-Identifier: Apache-2.0
"""The rule that tells what a repetition of a request would do. The exceptions stand in the overlay."""

from __future__ import annotations

import re

from . import names
from .description import RawOperation
from .model import Effect

_CREATE = frozenset("add assign clone create enroll generate map register upload".split())
_STATE = frozenset("activate cancel close deactivate disable enable grant opt pause remove resume revoke set stop "
                   "subscribe suspend unassign unlock unsubscribe unsuspend withdraw".split())
_LIFECYCLE_STATE = _STATE | frozenset("expire_password refresh reset_factors".split())
_BY_METHOD = {"GET": Effect.READ, "DELETE": Effect.DELETE, "PUT": Effect.REPLACE}


def effect(operation: RawOperation) -> Effect:
    """The effect of an operation."""
    if "effect" in operation.marks:
        return Effect(str(operation.marks["effect"]))
    return by_rule(operation)


def by_rule(operation: RawOperation) -> Effect:
    """The effect by method, path and the verb of the operation's name."""
    if operation.method in _BY_METHOD:
        return _BY_METHOD[operation.method]
    if operation.method == "PATCH":
        return Effect.ACTION if _is_json_patch(operation) else Effect.UPDATE
    lifecycle = re.search(r"/lifecycle/([^/]+)$", operation.path)
    if lifecycle:
        return Effect.STATE if names.snake(lifecycle.group(1)) in _LIFECYCLE_STATE else Effect.ACTION
    verb = names.snake(operation.id).split("_")[0]
    if verb == "introspect":
        return Effect.READ
    if verb in _CREATE:
        return Effect.CREATE
    if verb in ("update", "replace"):
        return Effect.UPDATE
    return Effect.STATE if verb in _STATE else Effect.ACTION


def _is_json_patch(operation: RawOperation) -> bool:
    """A list of patches: adding to a list twice is not the same as once."""
    return bool(operation.body) and any(schema.type == "array" for schema in operation.body.content.values())
