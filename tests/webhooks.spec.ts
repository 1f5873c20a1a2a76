import { test, testsOf } from './test.ts';

for (const [title, details, body] of testsOf('webhooks')) test(title, details, body);
