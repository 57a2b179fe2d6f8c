# SPDX-License-Identifier: Apache-2.0
"""Derives from Okta's descriptions what each operation looks like on the wire. It shares no code with tools/generate."""
