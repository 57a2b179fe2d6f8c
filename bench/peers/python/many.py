# SPDX-License-Identifier: Apache-2.0
"""URL CA_FILE|- key|users IN_FLIGHT WARM CALLS: the calls of bench/bench_many.h with Okta's Python SDK.

CA_FILE has to be in SSL_CERT_FILE. The client's own session keeps its connections.
"""

import asyncio
import os
import resource
import sys
import time

from okta.client import Client

USERS = 50


async def get_key(client: Client) -> None:
    key, _, error = await client.get_jwk("a", "k")
    if error is not None or not key.actual_instance.n:
        raise RuntimeError(f"this is not the key: {error}")


async def list_users(client: Client) -> None:
    users, _, error = await client.list_users(limit=USERS)
    if error is not None or len(users) != USERS or not users[0].profile.login:
        raise RuntimeError(f"these are not the users: {error}")


async def run(client: Client, call, in_flight: int, calls: int) -> None:
    async def worker() -> None:
        for _ in range(calls // in_flight):
            await call(client)
    await asyncio.gather(*(worker() for _ in range(in_flight)))


async def main() -> None:
    url, _, answer = sys.argv[1:4]
    in_flight, warm, calls = (int(text) for text in sys.argv[4:7])
    call = list_users if answer == "users" else get_key
    os.environ["OKTA_TESTING_TESTINGDISABLEHTTPSCHECK"] = "true"
    config = {"orgUrl": url, "token": "mock-token", "cache": {"enabled": False}}
    async with Client(config) as client:
        await run(client, call, in_flight, warm)
        before, start = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
        await run(client, call, in_flight, calls)
        after, end = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    print(calls // in_flight * in_flight, round((after.ru_utime - before.ru_utime) * 1e6),
          round((after.ru_stime - before.ru_stime) * 1e6), after.ru_nvcsw - before.ru_nvcsw,
          round((end - start) * 1e6))


asyncio.run(main())
