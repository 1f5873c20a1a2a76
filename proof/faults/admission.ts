import { type Asked, type Fault, intercepting, isJson, TOKEN } from './fault.ts';

/**
 * Executes the requests that a condition selects with every scope, whoever sends them. With `honestly: false`, the
 * answer is still the refusal.
 */
export function admit(when: (asked: Asked) => boolean, { honestly = true } = {}): Fault['intercept'] {
  return intercepting(() => {
    let template: Asked | undefined;
    return async (asked, forward) => {
      if (asked.operation === TOKEN) {
        const answered = await forward();
        if (answered.status === 200) template = asked;
        return answered;
      }
      if (template === undefined || !when(asked)) return forward();
      const refusal = honestly ? undefined : await forward();
      const token = await forward({
        ...template,
        text: template.text.replace(/scope=[^&]*/, 'scope=accounts%3Aread+accounts%3Aadmin'),
      });
      const headers = new Headers(asked.headers);
      if (isJson(token.body)) headers.set('authorization', `Bearer ${String(token.body.access_token)}`);
      const acted = await forward({ ...asked, headers });
      return refusal ?? acted;
    };
  });
}
