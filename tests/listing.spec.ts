import { test, testsOf } from './test.ts';

for (const [title, details, body] of testsOf('listing')) test(title, details, body);
