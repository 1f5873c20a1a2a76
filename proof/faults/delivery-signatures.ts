import { signDeliveries } from '../../reference/delivery-signature.ts';
import { signerAt } from '../delivering.ts';
import { eventsOf, header, withBody } from './delivered.ts';
import type { Fault } from './fault.ts';

/** Deliveries with missing or invalid signatures. */

const HOUR = 3_600_000;
const NOBODY = '11111111-2222-4333-8444-555555555555';

const missigned = (
  id: string,
  statement: string,
  breaks: readonly string[],
  interceptSignedEvent: NonNullable<Fault['interceptSignedEvent']>,
): Fault => ({ id, statement, breaks, intercept: (honest) => honest, interceptSignedEvent });

export const deliverySignatureFaults: readonly Fault[] = [
  missigned(
    'delivery-unsigned',
    'Deliveries have no signature.',
    ['event.signed'],
    header('signature', () => undefined),
  ),
  missigned(
    'delivery-signature-unnamed',
    'Deliveries have no signature-input.',
    ['event.signed'],
    header('signature-input', () => undefined),
  ),
  missigned(
    'delivery-signature-unreadable',
    'Signatures are in quotes instead of colons.',
    ['event.signed'],
    header('signature', (value) => value.replaceAll(':', '"')),
  ),
  missigned(
    'delivery-tampered',
    'The ids of events are changed after signing.',
    ['event.signed-body'],
    (post) => async (request) => {
      const other = (id: unknown) => String(id).replace(/.$/, (last) => (last === '0' ? '1' : '0'));
      const payload = (await eventsOf(request)).map((event) => ({ ...event, id: other(event.id) }));
      return post(withBody(request, { payload }));
    },
  ),
  missigned(
    'delivery-digest-wrong',
    'The digest is that of another body.',
    ['event.signed-body', 'event.signature-fits'],
    header('digest', () => 'SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE='),
  ),
  missigned(
    'delivery-digest-missing',
    'The digest is covered by the signature, but not sent.',
    ['event.signed-body', 'event.signature-fits'],
    header('digest', () => undefined),
  ),
  missigned(
    'delivery-signature-wrong',
    'The signature is that of another delivery.',
    ['event.signature-fits'],
    (post, clock) => {
      let first: string | undefined;
      return header('signature', (value) => {
        first ??= value;
        return first;
      })(post, clock);
    },
  ),
  missigned(
    'delivery-key-unknown',
    'Deliveries are signed under a key id that the target does not publish.',
    ['event.signature-fits'],
    (post, clock) => signDeliveries(post, signerAt(clock.now, NOBODY)),
  ),
  missigned('delivery-signature-stale', 'Signatures are an hour old.', ['event.signature-fresh'], (post, clock) =>
    signDeliveries(
      post,
      signerAt(() => clock.now() - HOUR),
    ),
  ),
  missigned(
    'delivery-signature-early',
    'Signatures are dated an hour in the future.',
    ['event.signature-fresh'],
    (post, clock) =>
      signDeliveries(
        post,
        signerAt(() => clock.now() + HOUR),
      ),
  ),
];
