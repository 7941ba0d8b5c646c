/** As much of mxui/widget/_WidgetBase as the widget uses: the properties are mixed in, subscriptions are kept. */
export default class WidgetBase {
  constructor(properties, node) {
    Object.assign(this, properties);
    this.domNode = node;
    this.mxform = { name: "form" };
    this.subscriptions = [];
  }

  subscribe(subscription) {
    this.subscriptions.push(subscription);
    return subscription;
  }

  unsubscribeAll() {
    this.subscriptions = [];
  }
}
