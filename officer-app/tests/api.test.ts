import { describe, expect, it } from 'vitest';

import { Api, Refused, SignedOut, TryLater, parseResponse } from '../src/sync/api';

describe('the server’s answers', () => {
  const answer = (status: number, body: unknown, type = 'application/problem+json'): Response =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), {
      status,
      headers: { 'Content-Type': type },
    });

  it.each([
    [401, SignedOut],
    [409, Refused],
    [422, Refused],
    [413, Refused],
    [400, TryLater],
    [403, Refused],
    [429, TryLater],
    [500, TryLater],
    [503, TryLater],
  ])('%i', async (status, kind) => {
    await expect(parseResponse(answer(status, { title: 'x' }))).rejects.toBeInstanceOf(kind);
  });

  it('says the server’s own words for a field', async () => {
    const problem = {
      detail: 'Two fields.',
      errors: [
        { field: 'summary', message: 'Say what happened.' },
        { field: 'x', message: 'And where.' },
      ],
    };
    await expect(parseResponse(answer(422, problem))).rejects.toThrow(
      'Say what happened. And where.',
    );
  });

  it('is not fooled by a guest network’s page', async () => {
    await expect(
      parseResponse(answer(200, '<html>Welcome to our café</html>', 'text/html')),
    ).rejects.toBeInstanceOf(TryLater);
    const api = new Api(null, () => Promise.resolve(answer(200, { hello: true })));
    await expect(api.getMe()).rejects.toBeInstanceOf(TryLater);
  });

  it('treats a dead line as no signal', async () => {
    const api = new Api(null, () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(api.getMe()).rejects.toThrow('No signal.');
  });
});
