// SPDX-License-Identifier: Apache-2.0
// node many.js URL CA_FILE|- key|users IN_FLIGHT WARM CALLS: the calls of bench/bench_many.h with Okta's Node SDK.
// CA_FILE has to be in NODE_EXTRA_CA_CERTS. The SDK's cache is off; an agent keeps its connections.
const http = require('http');
const https = require('https');
const okta = require('@okta/okta-sdk-nodejs');

const USERS = 50;
const [url, , answer] = process.argv.slice(2);
const [inFlight, warm, calls] = process.argv.slice(5).map(Number);
const { Agent } = url.startsWith('https:') ? https : http;
const agent = new Agent({ keepAlive: true });

class KeepAlive extends okta.DefaultRequestExecutor {
  fetch(request) {
    request.agent = agent;
    return super.fetch(request);
  }
}

const client = new okta.Client({
  orgUrl: url,
  token: 'mock-token',
  cacheMiddleware: null,
  requestExecutor: new KeepAlive(),
  testing: { disableHttpsCheck: true },
});

async function getKey() {
  const key = await client.applicationSSOPublicKeysApi.getJwk({ appId: 'a', keyId: 'k' });
  if (!key.kid || !key.n) {
    throw new Error('this is not the key');
  }
}

async function listUsers() {
  const users = await client.userApi.listUsers({ limit: USERS });
  let count = 0;
  await users.each((user) => {
    count += user.profile.login ? 1 : 0;
  });
  if (count !== USERS) {
    throw new Error(`${count} users`);
  }
}

async function run(total) {
  const call = answer === 'users' ? listUsers : getKey;
  let left = total;
  const worker = async () => {
    while (left-- > 0) {
      await call();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

async function main() {
  await run(warm);
  const before = process.resourceUsage();
  const start = process.hrtime.bigint();
  await run(calls);
  const wall = (process.hrtime.bigint() - start) / 1000n;
  const after = process.resourceUsage();
  const of = (name) => after[name] - before[name];
  console.log(calls, of('userCPUTime'), of('systemCPUTime'), of('voluntaryContextSwitches'), String(wall));
  agent.destroy();
}

main().catch((error) => {
  console.error(error.message || error);
  process.exit(1);
});
