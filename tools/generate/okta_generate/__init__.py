# SPDX-License-Identifier: Apache-2.0
"""Generates libokta's models and operations from Okta's API descriptions."""
