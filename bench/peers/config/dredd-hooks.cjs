const hooks = require('hooks');

const { TOKEN, CLIENT_ID, CLIENT_SECRET } = process.env;
const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const UUID = /[0-9a-f-]{36}/;

/** Makes each request earn the answer that its transaction expects; nobody can provoke the others. */
hooks.beforeEach((transaction, done) => {
  const { request, expected, name } = transaction;
  const [, operation] = name.split(' > ');
  const isToken = operation === 'Get an access token';
  const isCreation = operation === 'Create an account group';
  const secret = expected.statusCode === '401' ? 'wrong' : CLIENT_SECRET;
  const scope = expected.statusCode === '400' ? '' : 'accounts:read accounts:admin';
  const form = { client_id: CLIENT_ID, client_secret: secret, grant_type: 'client_credentials', scope };
  if (isToken) request.body = new URLSearchParams(form).toString();
  else Object.assign(request.headers, { Authorization: `Bearer ${TOKEN}`, 'upvest-client-id': CLIENT_ID });
  request.headers.Accept = expected.statusCode === '406' ? 'text/plain' : 'application/json';
  if (isCreation && expected.statusCode === '400') request.body = '{"type":"PERSONAL"}';
  else if (isCreation && expected.statusCode === '404') {
    request.body = request.body.replace(UUID, UNKNOWN);
    request.headers['idempotency-key'] = UNKNOWN;
  } else if (expected.statusCode === '400') transaction.fullPath += '&limit=-1';
  else if (expected.statusCode === '404') transaction.fullPath = transaction.fullPath.replace(UUID, UNKNOWN);
  else if (expected.statusCode === '401') delete request.headers.Authorization;
  else if (!['200', '202', '406'].includes(expected.statusCode)) transaction.skip = true;
  if (isToken) transaction.fullPath = '/auth/token';
  done();
});
