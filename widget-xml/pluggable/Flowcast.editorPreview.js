"use strict";
/* How the widget looks in design mode: as its status line, since that is all that it shows on a page. */

var React = require("react");

exports.preview = function (values) {
  return React.createElement(
    "div",
    { className: values.class || values.className, style: values.styleObject },
    React.createElement(
      "span",
      { className: "flowcast-status flowcast-status--connected", style: { display: "inline-block", fontSize: "0.875em", lineHeight: "1.4", opacity: values.showStatus === "always" ? 1 : 0.6 } },
      React.createElement("span", {
        "aria-hidden": true,
        style: { display: "inline-block", width: "0.6em", height: "0.6em", margin: "0 0.45em 0 0.2em", borderRadius: "50%", background: "#2e9e5b" }
      }),
      "Flowcast: " + (values.showStatus === "always" ? values.textConnected || "Live" : shown(values.showStatus))
    )
  );
};

function shown(when) {
  return when === "never" ? "shows nothing on the page" : "shows something only when there is a problem";
}

exports.getPreviewCss = function () {
  return "";
};
