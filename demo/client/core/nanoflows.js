/** The app's nanoflows: they run in the page. Each gets the session and the object of its context. */
export const nanoflows = {
  async "Orders.NAN_Order_Refresh"(session, object) {
    if (object) await session.retrieveByIds([object.getGuid()]);
  },
};

export async function runNanoflow(name, session, object, args) {
  const flow = nanoflows[name];
  if (!flow) throw new Error(`There is no nanoflow ${name}`);
  const result = await flow(session, object, args);
  session.page.ran({ nanoflow: name, guids: object ? [object.getGuid()] : [] });
  return result;
}
