// What every client does with the server: the whole life of resources, through
// the client's own calls. `c` is one of the adapters in this folder.
import assert from 'node:assert/strict';

const patient = (family, extra = {}) => ({
  resourceType: 'Patient', active: true, gender: 'female', birthDate: '1951-02-03',
  identifier: [{ system: 'urn:test:mrn', value: family }], name: [{ family, given: ['Ann'] }], ...extra,
});

const observation = (subject, value) => ({
  resourceType: 'Observation', status: 'final', category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] }], subject: { reference: subject }, effectiveDateTime: '2026-01-02T03:04:05Z',
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  valueQuantity: { value, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
});

const resources = (bundle) => (bundle.entry ?? []).map((e) => e.resource);

// fails runs what has to be refused, and gives the status of the refusal.
async function refused(work) {
  try {
    await work;
  } catch (e) {
    return e;
  }
  assert.fail('this had to be refused');
}

export const steps = {
  async 'create and read'(c) {
    const made = await c.create(patient('Adams'));
    assert.ok(made.id);
    assert.equal(made.meta.versionId, '1');
    assert.deepEqual(await c.read('Patient', made.id), made);
  },
  async 'update and vread'(c) {
    const made = await c.create(patient('Baker'));
    const changed = await c.update({ ...made, gender: 'male' });
    assert.equal(changed.meta.versionId, '2');
    assert.equal((await c.read('Patient', made.id)).gender, 'male');
    assert.equal((await c.vread('Patient', made.id, '1')).gender, 'female');
  },
  async patch(c) {
    const made = await c.create(patient('Clark'));
    const changed = await c.patch('Patient', made.id, [
      { op: 'test', path: '/gender', value: 'female' },
      { op: 'replace', path: '/name/0/family', value: "O'Clark" },
      { op: 'add', path: '/telecom', value: [{ system: 'phone', value: '555-0100' }] },
    ]);
    assert.equal(changed.name[0].family, "O'Clark");
    assert.equal((await c.read('Patient', made.id)).telecom[0].value, '555-0100');
    await refused(c.patch('Patient', made.id, [{ op: 'test', path: '/gender', value: 'male' }]));
  },
  async delete(c) {
    const made = await c.create(patient('Davis'));
    await c.delete('Patient', made.id);
    c.refusedWith(await refused(c.read('Patient', made.id)), 410);
    c.refusedWith(await refused(c.read('Patient', 'never-was')), 404);
  },
  async 'an invalid resource is refused'(c) {
    c.refusedWith(await refused(c.create({ resourceType: 'Patient', gender: 'unheard-of' })), 422);
  },
  async search(c) {
    const who = await c.create(patient('Evans'));
    for (const n of [60, 72, 95]) await c.create(observation(`Patient/${who.id}`, n));
    const found = await c.search('Observation', { patient: who.id, code: 'http://loinc.org|8867-4', 'value-quantity': 'gt70', _sort: 'value-quantity' });
    assert.deepEqual(resources(found).map((r) => r.valueQuantity.value), [72, 95]);
    const both = await c.search('Patient', { identifier: 'urn:test:mrn|Evans', _revinclude: 'Observation:subject' });
    assert.equal(both.entry.filter((e) => e.search.mode === 'include').length, 3);
    const chained = await c.search('Observation', { 'subject:Patient.name': 'evans', _summary: 'count' });
    assert.equal(chained.total, 3);
    const reverse = await c.search('Patient', { '_has:Observation:subject:value-quantity': '95', family: 'evans' });
    assert.deepEqual(resources(reverse).map((r) => r.id), [who.id]);
  },
  async paging(c) {
    const family = 'Frost';
    for (let i = 0; i < 7; i++) await c.create(patient(family, { birthDate: `195${i}-01-01` }));
    const all = await c.all('Patient', { family, _count: '3', _sort: '-birthdate' });
    assert.deepEqual(all.map((r) => r.birthDate.slice(3, 4)), ['6', '5', '4', '3', '2', '1', '0']);
  },
  async transaction(c) {
    const urn = 'urn:uuid:0b9c3a0e-4a5d-4e7a-9d55-6d1f4f4b2a10';
    const done = await c.transaction({
      resourceType: 'Bundle', type: 'transaction', entry: [
        { fullUrl: urn, resource: patient('Green'), request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=urn:test:mrn|Green' } },
        { resource: observation(urn, 61), request: { method: 'POST', url: 'Observation' } },
        { request: { method: 'GET', url: 'Patient?identifier=urn:test:mrn|Green' } },
      ],
    });
    assert.deepEqual(done.entry.map((e) => e.response.status.slice(0, 3)), ['201', '201', '200']);
    assert.equal(done.entry[2].resource.total, 1);
    const [, type, id] = done.entry[1].response.location.match(/(\w+)\/([^/]+)\/_history/);
    const who = (await c.read(type, id)).subject.reference;
    assert.equal((await c.read('Patient', who.split('/')[1])).name[0].family, 'Green');
    // One bad entry, and nothing of it is there.
    await refused(c.transaction({
      resourceType: 'Bundle', type: 'transaction', entry: [
        { resource: patient('Nobody'), request: { method: 'POST', url: 'Patient' } },
        { resource: { resourceType: 'Patient', gender: 'unheard-of' }, request: { method: 'POST', url: 'Patient' } },
      ],
    }));
    assert.equal((await c.search('Patient', { family: 'Nobody', _summary: 'count' })).total, 0);
  },
  async batch(c) {
    const done = await c.batch({
      resourceType: 'Bundle', type: 'batch', entry: [
        { resource: patient('Hayes'), request: { method: 'POST', url: 'Patient' } },
        { request: { method: 'GET', url: 'Patient/never-was' } },
        { request: { method: 'GET', url: 'Patient?family=hayes' } },
      ],
    });
    assert.deepEqual(done.entry.map((e) => e.response.status.slice(0, 3)), ['201', '404', '200']);
  },
  async history(c) {
    const made = await c.create(patient('Irwin'));
    await c.update({ ...made, active: false });
    await c.delete('Patient', made.id);
    const past = await c.history('Patient', made.id);
    assert.equal(past.type, 'history');
    assert.deepEqual(past.entry.map((e) => e.request.method), ['DELETE', 'PUT', 'POST']);
    assert.equal(past.total, 3);
  },
  async 'everything and validate'(c) {
    const who = await c.create(patient('Jones'));
    await c.create(observation(`Patient/${who.id}`, 64));
    assert.deepEqual(resources(await c.everything(who.id)).map((r) => r.resourceType), ['Patient', 'Observation']);
    const good = await c.validate(patient('Kelly'));
    assert.ok(good.issue.every((i) => i.severity !== 'error'));
    const bad = await c.validate({ resourceType: 'Patient', gender: 'unheard-of' });
    assert.ok(bad.issue.some((i) => i.severity === 'error'));
  },
};
