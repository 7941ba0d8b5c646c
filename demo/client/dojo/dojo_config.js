/* Where the Dojo client's modules are: a custom widget's at widgets/, under the path that its id says. */
window.dojoConfig = {
  async: true,
  baseUrl: "/widgets/",
  tlmSiblingOfDojo: false,
  packages: [
    { name: "dojo", location: "/mxclientsystem/dojo" },
    { name: "dijit", location: "/mxclientsystem/dijit" },
  ],
  paths: {
    react: "/mxclientsystem/react/umd/react.production.min",
    "react-dom": "/mxclientsystem/react-dom/umd/react-dom.production.min",
    big: "/mxclientsystem/big.js/big",
  },
  has: { "csp-restrictions": 1 },
};
