/** As much of dojo/_base/declare as a class with one base needs. */
export default function declare(name, [Base], members) {
  class Widget extends Base {}
  Object.assign(Widget.prototype, members, { declaredClass: name });
  return Widget;
}
