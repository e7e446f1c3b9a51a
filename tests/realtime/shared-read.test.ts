import { describe, expect, it } from 'vitest';
import { sharedRead } from '#core/realtime/shared-read.ts';

/** A read that the test ends, one call at a time. */
function controlledRead() {
  const calls: PromiseWithResolvers<string>[] = [];
  const read = sharedRead(() => {
    const call = Promise.withResolvers<string>();
    calls.push(call);
    return call.promise;
  });
  return { calls, read };
}

describe('a shared read', () => {
  it('does not answer a caller with a read that began before it asked', async () => {
    const { calls, read } = controlledRead();
    const early = read();
    const late = read();
    calls[0]?.resolve('old');
    expect(await early).toBe('old');
    await expect.poll(() => calls.length).toBe(2);
    calls[1]?.resolve('new');
    expect(await late).toBe('new');
  });

  it('runs once for all who asked while the one before it ran', async () => {
    const { calls, read } = controlledRead();
    void read();
    const waiting = [read(), read(), read()];
    calls[0]?.resolve('old');
    await expect.poll(() => calls.length).toBe(2);
    calls[1]?.resolve('new');
    expect(await Promise.all(waiting)).toEqual(['new', 'new', 'new']);
    expect(calls).toHaveLength(2);
  });

  it('goes on after a read that failed', async () => {
    const { calls, read } = controlledRead();
    const failing = read();
    const next = read();
    calls[0]?.reject(new Error('the database is away'));
    await expect(failing).rejects.toThrow('away');
    await expect.poll(() => calls.length).toBe(2);
    calls[1]?.resolve('back');
    expect(await next).toBe('back');
  });
});
