import { describe, expect, it } from 'vitest';
import { readRoute, routeTo } from '../src/ui/routes';
import { visitKey } from '../src/capture/visit';

describe('the address of a screen', () => {
  it.each([
    ['visit', ['FL/01/0000143/26']],
    ['photo', [visitKey('FL/01/0000143/26')]],
    ['crime', ['01a2215e-e93c-720a-9fa6-996e447082c0']],
    ['look-up', ['12% of #1, Acorn Parade']],
    ['record', ['a', 'like', 'b']],
  ])('%s keeps its parts', (name, parts) => {
    expect(readRoute(`#${routeTo(name, ...parts)}`)).toEqual([name, ...parts]);
  });

  it('leaves what nobody encoded as it is', () => {
    expect(readRoute('#/look-up/50%')).toEqual(['look-up', '50%']);
    expect(readRoute('')).toEqual(['']);
  });
});
