import assert from 'node:assert/strict';
import './websocket.mjs';
import { MedplumClient } from '@medplum/core';
import { steps } from './scenario.mjs';

export default function (base) {
  const { origin, pathname } = new URL(base);
  const c = new MedplumClient({ baseUrl: `${origin}/`, fhirUrlPath: `${pathname.slice(1)}/`, cacheTime: 0, fetch });
  const url = (type, params) => `${base}/${type}?${new URLSearchParams(params)}`;
  return {
    create: (resource) => c.createResource(resource),
    read: (type, id) => c.readResource(type, id),
    vread: (type, id, version) => c.readVersion(type, id, version),
    update: (resource) => c.updateResource(resource),
    patch: (type, id, operations) => c.patchResource(type, id, operations),
    delete: (type, id) => c.deleteResource(type, id),
    search: (type, params) => c.search(type, params),
    async all(type, params) {
      const all = [];
      for await (const page of c.searchResourcePages(type, params)) all.push(...page);
      return all;
    },
    transaction: (bundle) => c.executeBatch(bundle),
    batch: (bundle) => c.executeBatch(bundle),
    history: (type, id) => c.readHistory(type, id),
    everything: (id) => c.readPatientEverything(id),
    validate: (resource) => c.validateResource(resource),
    refusedWith(e, status) {
      assert.equal(e.outcome.resourceType, 'OperationOutcome');
      const codes = { 404: 'not-found', 410: 'deleted', 422: 'code-invalid' };
      assert.equal(e.outcome.issue[0].code, codes[status]);
    },
    own: {
      async 'conditional create and upsert'() {
        const body = { resourceType: 'Organization', name: 'Ward 9', identifier: [{ system: 'urn:test:org', value: '9' }] };
        const made = await c.createResourceIfNoneExist(body, 'identifier=urn:test:org|9');
        const again = await c.createResourceIfNoneExist(body, 'identifier=urn:test:org|9');
        assert.equal(again.id, made.id);
        const changed = await c.upsertResource({ ...body, active: true }, 'identifier=urn:test:org|9');
        assert.deepEqual([changed.id, changed.active], [made.id, true]);
      },
      async 'one, and the values of a set'() {
        const who = await c.createResource({ resourceType: 'Patient', name: [{ family: 'Single' }] });
        assert.equal((await c.searchOne('Patient', 'family=Single')).id, who.id);
        assert.equal((await c.readReference({ reference: `Patient/${who.id}` })).id, who.id);
        const set = await c.valueSetExpand({ url: 'http://hl7.org/fhir/ValueSet/administrative-gender', filter: 'fem' });
        assert.deepEqual(set.expansion.contains.map((x) => x.code), ['female']);
      },
      async 'a bulk export'() {
        const out = await c.bulkExport('', 'Organization', undefined, { pollStatusOnAccepted: true, pollStatusPeriod: 50 });
        assert.equal(out.output[0].type, 'Organization');
        const text = await (await fetch(out.output[0].url)).text();
        assert.ok(text.trim().split('\n').map((l) => JSON.parse(l)).every((r) => r.resourceType === 'Organization'));
      },
    },
    steps,
  };
}
