import assert from 'node:assert/strict';
import { Client, CapabilityTool } from 'fhir-kit-client';
import { steps } from './scenario.mjs';

export default function (baseUrl) {
  const c = new Client({ baseUrl });
  return {
    create: (body) => c.create({ resourceType: body.resourceType, body }),
    read: (resourceType, id) => c.read({ resourceType, id }),
    vread: (resourceType, id, version) => c.vread({ resourceType, id, version }),
    update: (body) => c.update({ resourceType: body.resourceType, id: body.id, body }),
    patch: (resourceType, id, jsonPatch) => c.patch({ resourceType, id, jsonPatch }),
    delete: (resourceType, id) => c.delete({ resourceType, id }),
    search: (resourceType, searchParams) => c.search({ resourceType, searchParams }),
    async all(resourceType, searchParams) {
      let bundle = await c.search({ resourceType, searchParams });
      const all = [];
      while (bundle) {
        all.push(...bundle.entry.map((e) => e.resource));
        bundle = await c.nextPage({ bundle });
      }
      return all;
    },
    transaction: (body) => c.transaction({ body }),
    batch: (body) => c.batch({ body }),
    history: (resourceType, id) => c.history({ resourceType, id }),
    everything: (id) => c.operation({ name: '$everything', resourceType: 'Patient', id, method: 'GET' }),
    validate: (input) => c.operation({ name: '$validate', resourceType: input.resourceType, input }),
    refusedWith(e, status) {
      assert.equal(e.response.status, status);
      assert.equal(e.response.data.resourceType, 'OperationOutcome');
    },
    own: {
      async 'capabilities, as the client reads them'() {
        const can = new CapabilityTool(await c.capabilityStatement());
        assert.ok(can.resourceCan('Patient', 'patch'));
        assert.ok(can.resourceSearch('Observation', 'combo-code-value-quantity'));
        assert.ok(can.serverCan('transaction'));
      },
      async 'conditional update, system search and histories'() {
        const body = { resourceType: 'Organization', name: 'Ward 7', identifier: [{ system: 'urn:test:org', value: '7' }] };
        const searchParams = { identifier: 'urn:test:org|7' };
        const made = await c.update({ resourceType: 'Organization', searchParams, body });
        const again = await c.update({ resourceType: 'Organization', searchParams, body: { ...body, active: true } });
        assert.deepEqual([again.id, again.meta.versionId], [made.id, '2']);
        assert.ok((await c.typeHistory({ resourceType: 'Organization' })).total >= 2);
        assert.ok((await c.systemHistory()).total >= 2);
        const found = await c.systemSearch({ searchParams: { _type: 'Organization,Patient', _id: made.id } });
        assert.equal(found.total, 1);
      },
      async 'compartments and references'() {
        const who = await c.create({ resourceType: 'Patient', body: { resourceType: 'Patient', gender: 'other' } });
        const condition = await c.create({ resourceType: 'Condition', body: { resourceType: 'Condition', subject: { reference: `Patient/${who.id}` } } });
        const found = await c.compartmentSearch({ resourceType: 'Condition', compartment: { resourceType: 'Patient', id: who.id } });
        assert.equal(found.total, 1);
        assert.equal((await c.resolve({ reference: condition.subject.reference })).gender, 'other');
      },
      async 'terminology and meta'() {
        const out = await c.operation({ name: '$lookup', resourceType: 'CodeSystem', method: 'GET', input: { system: 'http://hl7.org/fhir/administrative-gender', code: 'male' } });
        assert.equal(out.parameter.find((p) => p.name === 'display').valueString, 'Male');
        const set = await c.operation({ name: '$expand', resourceType: 'ValueSet', method: 'GET', input: { url: 'http://hl7.org/fhir/ValueSet/administrative-gender', filter: 'fem' } });
        assert.deepEqual(set.expansion.contains.map((x) => x.code), ['female']);
        const who = await c.create({ resourceType: 'Patient', body: { resourceType: 'Patient' } });
        const meta = { resourceType: 'Parameters', parameter: [{ name: 'meta', valueMeta: { tag: [{ system: 'urn:test', code: 'x' }] } }] };
        await c.operation({ name: '$meta-add', resourceType: 'Patient', id: who.id, input: meta });
        assert.equal((await c.search({ resourceType: 'Patient', searchParams: { _tag: 'urn:test|x' } })).total, 1);
        await c.operation({ name: '$meta-delete', resourceType: 'Patient', id: who.id, input: meta });
        assert.equal((await c.search({ resourceType: 'Patient', searchParams: { _tag: 'urn:test|x' } })).total, 0);
      },
    },
    steps,
  };
}
