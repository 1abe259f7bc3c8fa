/** What an officer is asked to do: which of it is open, by when, and the correction of a record that was given back. */
import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { encounterBody, REASON, validateEncounter } from '../src/capture/encounter';
import { BUILT_IN } from '../src/capture/question-sets';
import {
  answerBody,
  askedBy,
  contactBody,
  correctionForm,
  doneTasksKey,
  dueLabel,
  emptyTaskForm,
  isLate,
  openTasks,
  tasksKey,
  taskTitle,
  validateTask,
  type TaskLine,
} from '../src/capture/tasks';
import { DraftOpener } from '../src/draft-opener';
import { OpenDrafts } from '../src/open-drafts';
import { Sealer } from '../src/sealer';
import { Store } from '../src/store/store';

const NOW = new Date('2026-11-28T10:00:00Z');
const set = BUILT_IN['stop-search'];
const task = (changes: Partial<TaskLine> = {}): TaskLine => ({
  id: 't',
  kind: 'record-returned',
  text: 'What did you see?',
  asked_by: 'PS 301ZD Kemi Ade',
  asked_at: '2026-11-27T16:15:00Z',
  due_on: null,
  reference: 'SS-7K2M-9QXA-4PB',
  question_set: 'stop-search',
  version: 1,
  values: {
    search_type: 'vehicle',
    in_charge: 'no',
    grounds: 'A wrap.',
    long_gone: 'what the form no longer asks',
  },
  ...changes,
});

describe('tasks', () => {
  it('test_it_works: what is due first comes first, and what was done here is not asked again', () => {
    const tasks = [
      task({ id: 'no-day' }),
      task({ id: 'later', due_on: '2026-12-04' }),
      task({ id: 'late', due_on: '2026-11-27' }),
      task({ id: 'of a newer server', kind: 'something-else' }),
      task({ id: 'sent', due_on: '2026-11-01' }),
      task({ id: 'refused', due_on: '2026-11-28' }),
      task({ id: 'lost before it was sealed', due_on: '2026-11-29' }),
    ];
    const done = { sent: 'c1', refused: 'c2', 'lost before it was sealed': 'c3' };
    const entries = [
      { id: 'c1', state: 'sealed' },
      { id: 'c2', state: 'blocked' },
    ];
    expect(openTasks(tasks, done, entries).map(({ id }) => id)).toEqual([
      'late',
      'refused',
      'lost before it was sealed',
      'later',
      'no-day',
    ]);
  });

  it.each([
    [null, '', false],
    ['2026-11-27', 'Late: it was due Friday 27 November', true],
    ['2026-11-28', 'Due today', false],
    ['2026-12-01', 'Due Tuesday 1 December', false],
    ['2027-01-04', 'Due Monday 4 January 2027', false],
  ])('due on %s reads "%s"', (due_on, label, late) => {
    expect([dueLabel({ due_on }, NOW), isLate({ due_on }, NOW)]).toEqual([label, late]);
    // Half an hour before midnight in London's summer it is still that day.
    expect(isLate({ due_on: '2026-07-01' }, new Date('2026-07-01T22:30:00Z'))).toBe(false);
    expect(isLate({ due_on: '2026-07-01' }, new Date('2026-07-01T23:30:00Z'))).toBe(true);
  });

  it('corrects what was recorded, and says why', () => {
    expect(taskTitle(task())).toBe('Correct stop and search SS-7K2M-9QXA-4PB');
    const form = correctionForm(task(), set);
    if (form === null) throw new Error('There is no form.');
    expect(form.texts).toEqual({ search_type: 'vehicle', in_charge: 'no', grounds: 'A wrap.' });
    expect(validateEncounter(set, form, NOW).map(({ field }) => field)).toContain(REASON);
    const reasoned = { ...form, reason: ' I left it out. ' };
    expect(validateEncounter(set, reasoned, NOW).map(({ field }) => field)).not.toContain(REASON);
    const body = encounterBody('e', set, reasoned, NOW);
    expect(body).toMatchObject({
      encounter_id: 'e',
      corrects: 'SS-7K2M-9QXA-4PB',
      correction_reason: 'I left it out.',
      answers: { version: set.version, values: { search_type: 'vehicle', in_charge: 'no' } },
    });
    expect(body.copy_secret).toBeUndefined();
    expect(correctionForm(task({ question_set: 'unknown' }), set)).toBeNull();
  });

  it('answers a question, and says what is missing', () => {
    const question = task({ kind: 'question', crime_id: 'c', crime_number: '01/0000302/26' });
    expect(taskTitle(question)).toBe('Answer about 01/0000302/26');
    const form = { ...emptyTaskForm(question, NOW), text: ' ' };
    expect(validateTask(form, NOW).map(({ field }) => field)).toEqual(['answer']);
    const answered = { ...form, text: ' Yes, on the ground floor. ' };
    expect(validateTask(answered, NOW)).toEqual([]);
    expect(answerBody('a', answered)).toEqual({
      answer_id: 'a',
      action_id: 't',
      text: 'Yes, on the ground floor.',
    });
  });
});

describe('a contact with a victim', () => {
  const due = task({
    kind: 'victim-contact',
    asked_by: '',
    crime_id: 'c',
    person_id: 'p',
    victim: 'Kofi Asante',
    trigger: 'needs-and-support',
    ways: [{ value: 'in-person', label: 'In person' }],
  });

  it('says how and when it was made, and never in the future', () => {
    expect([taskTitle(due), askedBy(due)]).toEqual(['Contact Kofi Asante', 'Victims’ Code']);
    const form = emptyTaskForm(due, NOW);
    expect(form.madeAt).toBe('2026-11-28T10:00');
    expect(validateTask(form, NOW).map(({ field }) => field)).toEqual(['way']);
    const made = { ...form, way: 'in-person', text: ' Leaflet given. ' };
    expect(validateTask(made, NOW)).toEqual([]);
    for (const madeAt of ['', '2026-11-28T10:01'])
      expect(validateTask({ ...made, madeAt }, NOW).map(({ field }) => field)).toEqual(['made_at']);
    expect(contactBody('k', made)).toEqual({
      contact_id: 'k',
      crime_id: 'c',
      person_id: 'p',
      trigger: 'needs-and-support',
      way: 'in-person',
      made_at: '2026-11-28T10:00:00+00:00',
      note: 'Leaflet given.',
    });
  });
});

describe('a task on the phone', () => {
  async function open() {
    const store = await Store.open(`tasks-${crypto.randomUUID()}`);
    await store.setCached(tasksKey('ada'), [task()]);
    const drafts = new OpenDrafts(
      store,
      () => 'ada',
      () => undefined,
    );
    const opener = new DraftOpener(store, drafts, {
      now: () => NOW,
      givesStopReceipts: () => false,
      findQuestionSet: (name) => BUILT_IN[name],
      officerId: () => 'ada',
    });
    return { store, drafts, opener, sealer: new Sealer(store, drafts, () => NOW) };
  }

  it('is answered once, offline, and the draft stays until then', async () => {
    const { store, drafts, opener, sealer } = await open();
    const question = task({ id: 'q', kind: 'question', crime_id: 'c', crime_number: 'N' });
    await store.setCached(tasksKey('ada'), [question]);
    const opened = await opener.openTask('q');
    if (opened === null) throw new Error('There is no task.');
    const form = { ...opened.form, text: 'Yes.' };
    drafts.save({ id: opened.id, kind: 'task', crimeId: 'c', form });
    // The desk withdrew it meanwhile: what was typed is not lost.
    await store.setCached(tasksKey('ada'), []);
    for (const id of ['q', opened.id]) expect((await opener.openTask(id))?.form.text).toBe('Yes.');
    await store.setCached(tasksKey('ada'), [question]);
    await sealer.sealTask(opened.id, form);
    expect(await opener.openTask('q')).toBeNull();
    const [entry] = await store.listEntries();
    expect([entry?.kind, entry?.crimeId, entry?.state]).toEqual(['task', 'c', 'sealed']);
    const bytes = (await store.getSealedBytes(opened.id)) ?? new Uint8Array();
    expect(JSON.parse(new TextDecoder().decode(bytes))).toMatchObject({
      kind: 'answer',
      body: { answer_id: opened.id, action_id: 'q', text: 'Yes.' },
    });
  });

  it('is a correction: one draft, apart from a new search, and done once it is sealed', async () => {
    const { store, drafts, opener, sealer } = await open();
    const opened = await opener.openEncounter('', 'stop-search', 't');
    if (opened === null) throw new Error('There is no correction.');
    expect(opened.form.corrects?.reference).toBe('SS-7K2M-9QXA-4PB');
    const form = { ...opened.form, reason: 'I left it out.' };
    drafts.save({ id: opened.id, kind: 'encounter', crimeId: opened.id, form });
    await drafts.flush();
    const again = await opener.openEncounter('', 'stop-search', 't');
    expect([again?.id, again?.form.reason]).toEqual([opened.id, 'I left it out.']);
    const fresh = await opener.openEncounter('', 'stop-search');
    expect(fresh?.form.corrects).toBeUndefined();
    expect(fresh?.id).not.toBe(opened.id);
    await sealer.sealEncounter(opened.id, form, set);
    expect(await store.getCached(doneTasksKey('ada'))).toEqual({ t: opened.id });
    expect(await opener.openEncounter('', 'stop-search', 't')).toBeNull();
    const bytes = await store.getSealedBytes(opened.id);
    expect(new TextDecoder().decode(bytes ?? new Uint8Array())).toContain(
      '"corrects":"SS-7K2M-9QXA-4PB"',
    );
  });
});
