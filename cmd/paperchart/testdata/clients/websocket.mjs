// @medplum/core extends WebSocket where it is loaded, which Node has since 22;
// nothing here opens one.
globalThis.WebSocket ??= class extends EventTarget {};
