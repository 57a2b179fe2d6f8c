// SPDX-License-Identifier: Apache-2.0
// Counts the users of an org by Okta's Node SDK, as a service app. ORG, CLIENT, KEY (a file) and KID say which.
const fs = require('fs');
const okta = require('@okta/okta-sdk-nodejs');

async function main() {
  const client = new okta.Client({
    orgUrl: process.env.ORG,
    authorizationMode: 'PrivateKey',
    clientId: process.env.CLIENT,
    scopes: ['okta.users.read'],
    privateKey: fs.readFileSync(process.env.KEY, 'utf8'),
    keyId: process.env.KID,
    testing: { disableHttpsCheck: true },
  });
  let users = 0;
  const all = await client.userApi.listUsers();
  await all.each(() => {
    users++;
  });
  console.log(users);
}

main().catch((error) => {
  console.error(error.message || error);
  process.exit(1);
});
