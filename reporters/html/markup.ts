import { raw, html as template } from 'hono/html';
import { escapeInvisible } from '../../harness/escape-invisible.ts';

/** Markup that is safe to put into a page; only {@link html} makes it. */
export type Markup = Awaited<ReturnType<typeof template>>;

/** A template that escapes every value except {@link Markup}. @throws {TypeError} for a promise: pages are synchronous. */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): Markup {
  const made = template(strings, ...values.map(visible));
  if (made instanceof Promise)
    throw new TypeError('a page cannot contain a promise: await the value before it is rendered');
  return made;
}

/** A style sheet, not escaped: pass only CSS of this project. */
export const styleSheet = (css: string): Markup => html`<style>${raw(css)}</style>`;

/** Makes invisible characters visible in every text, whatever its origin. */
function visible(value: unknown): unknown {
  if (typeof value === 'string') return escapeInvisible(value);
  return Array.isArray(value) ? value.map(visible) : value;
}
