"use strict";
/*
 * What Studio Pro asks about the widget: which properties apply, what is wrong with their values, and how it looks in
 * structure mode. Studio Pro reads ES5 only.
 */

var TEXTS = ["textConnected", "textConnecting", "textDisconnected", "textFailed"];

exports.getProperties = function (values, properties) {
  hiddenKeys(values).forEach(function (key) {
    hide(properties, key);
  });
  (values.handlers || []).forEach(function (handler, index) {
    var list = find(properties, "handlers");
    var entry = list && list.objects && list.objects[index];
    if (!entry) return;
    if (handler.event !== "custom") hide(entry.properties, "customEvent");
    if (values.watch !== "objects") hide(entry.properties, "eventItemAction");
    entry.captions = [eventName(handler) || "(no name)"];
  });
  var handlers = find(properties, "handlers");
  if (handlers) handlers.objectHeaders = ["Event"];
  return properties;
};

function hiddenKeys(values) {
  var hidden = [];
  if (values.watch !== "objects") hidden.push("objects", "itemKey", "itemAction", "reloadDatasource");
  if (values.watch !== "key") hidden.push("objectKey");
  if (!values.token) hidden.push("onTokenNeeded");
  if (!values.ignoreOwn) hidden.push("ownField", "ownValue");
  if (values.showStatus === "never") hidden = hidden.concat(TEXTS);
  if (values.showStatus === "problems") hidden.push("textConnected", "textConnecting");
  return hidden.concat(hiddenTogether(values));
}

function hiddenTogether(values) {
  var hidden = [];
  var presence = presenceOf(values);
  var lock = lockOf(values);
  if (values.watch === "service") hidden.push("presence", "lock");
  if (presence === "none") hidden.push("presenceCount", "presenceNames", "presenceEditing");
  if (presence !== "join") hidden.push("userId");
  if (lock === "none") hidden.push("lockedBy", "lockedByMe");
  if (!holds(lock)) hidden.push("lockTtl", "onLockConflict", "onLockLost", "lockHolder");
  if (presence !== "join" && !holds(lock)) hidden.push("userName");
  if (presence !== "join" && lock !== "edit") hidden.push("editing");
  return hidden;
}

/** With everything of a service there is no object to be present at, or to lock. */
function presenceOf(values) {
  return (values.watch !== "service" && values.presence) || "none";
}

function lockOf(values) {
  return (values.watch !== "service" && values.lock) || "none";
}

function holds(lock) {
  return lock === "edit" || lock === "open";
}

function hide(groups, key) {
  groups.forEach(function (group) {
    if (group.propertyGroups) hide(group.propertyGroups, key);
    if (!group.properties) return;
    group.properties = group.properties.filter(function (property) {
      return property.key !== key;
    });
  });
}

function find(groups, key) {
  for (var i = 0; i < groups.length; i++) {
    var properties = groups[i].properties || [];
    for (var j = 0; j < properties.length; j++) if (properties[j].key === key) return properties[j];
    var inside = groups[i].propertyGroups && find(groups[i].propertyGroups, key);
    if (inside) return inside;
  }
  return null;
}

exports.check = function (values) {
  return [].concat(
    checkWhatItListensTo(values),
    checkServer(values),
    checkToken(values),
    checkActions(values),
    checkHandlers(values),
    checkPace(values),
    checkOwnChanges(values),
    checkPresence(values),
    checkLock(values)
  );
};

function checkWhatItListensTo(values) {
  if (values.watch === "objects" && !values.objects) {
    return [
      error(
        "objects",
        "Choose a data source: its objects are listened to. For the object of the data view around, take a database source with the same entity and the XPath [id=$currentObject]."
      )
    ];
  }
  if (values.watch === "key" && !values.objectKey) {
    return [error("objectKey", "Enter the key to listen to, such as $Order/OrderNumber, or 'announcements'.")];
  }
  return [];
}

function checkServer(values) {
  var problems = [];
  var url = literal(values.url);
  var service = literal(values.service);
  if (!values.url || url === "") {
    problems.push(error("url", "Enter where browsers reach the Flowcast server: best a constant such as @MyModule.FlowcastUrl, or a text such as 'https://realtime.example.com'."));
  } else if (url !== null && !/^(https?|wss?):\/\/[^\/\s]|^\//i.test(url)) {
    problems.push(error("url", "'" + url + "' is not the URL of a server. It should look like 'https://realtime.example.com', or '/realtime' for a path of the app itself."));
  } else if (url !== null && /^(http|ws):/i.test(url) && !isLocal(url)) {
    problems.push(warning("url", "An app that is served by https, as in Mendix Cloud, cannot connect to an http: or ws: URL: browsers block it. Use https: here."));
  }
  if (!values.service || service === "") {
    problems.push(error("service", "Enter the service that changes are published to, such as 'microflow'."));
  } else if (service !== null && /[\/\s]/.test(service)) {
    problems.push(error("service", "A service has a plain name, such as 'microflow': neither a path nor a URL."));
  }
  return problems;
}

function checkToken(values) {
  if (literal(values.token)) {
    return [
      error(
        "token",
        "A token in plain text can be read by everyone who opens the app. Let a microflow make one for the user, and choose the attribute that it is in."
      )
    ];
  }
  if (/^\s*@[\w.]+\s*$/.test(values.token || "")) {
    return [
      warning(
        "token",
        "A constant is the same for all users, and everyone who opens the app can read it. Let a microflow make a token for the user, and choose the attribute that it is in."
      )
    ];
  }
  return [];
}

function checkActions(values) {
  var does =
    values.action ||
    (values.watch === "objects" && (values.itemAction || values.reloadDatasource)) ||
    values.payloadAttribute ||
    values.statusAttribute ||
    values.onConnect ||
    values.onDisconnect ||
    presenceOf(values) !== "none" ||
    lockOf(values) !== "none" ||
    (values.handlers || []).length;
  if (does) return [];
  var key = values.watch === "objects" ? "itemAction" : "action";
  return [error(key, "Nothing happens when a change comes in: choose an action, usually a microflow that retrieves the object and refreshes it in the client.")];
}

function checkHandlers(values) {
  var problems = [];
  (values.handlers || []).forEach(function (handler, index) {
    var path = "handlers/" + (index + 1) + "/";
    if (!eventName(handler)) problems.push(error(path + "customEvent", "Enter the name of the event."));
    else if (/\s/.test(eventName(handler))) problems.push(error(path + "customEvent", "Enter one word, such as shipped: an event with a space in its name never comes."));
    if (!handler.eventAction && !(values.watch === "objects" && handler.eventItemAction)) {
      problems.push(error(path + "eventAction", "Choose what to run for the event " + (eventName(handler) || "") + "."));
    }
  });
  return problems;
}

function checkPace(values) {
  return ["throttle", "spread"]
    .filter(function (key) {
      return values[key] < 0;
    })
    .map(function (key) {
      return error(key, "Enter a number of milliseconds: 0 for none, 1000 for a second.");
    });
}

function checkOwnChanges(values) {
  var problems = [];
  if (values.ignoreOwn && !values.ownField) problems.push(error("ownField", "Enter the field of a published record that says who published it."));
  if (values.ignoreOwn && !values.ownValue) problems.push(error("ownValue", "Enter the value that marks own changes, such as $currentUser/Name."));
  return problems;
}

function checkPresence(values) {
  var presence = presenceOf(values);
  if (presence === "join" && !values.userId) {
    return [error("userId", "Enter what tells users apart, such as $currentUser/Name: without it, nobody is counted.")];
  }
  if (presence === "watch" && !values.presenceCount && !values.presenceNames && !values.presenceEditing) {
    return [error("presenceNames", "Choose an attribute that gets the names, or how many there are: otherwise presence is not to be seen.")];
  }
  return [];
}

function checkLock(values) {
  var problems = [];
  var lock = lockOf(values);
  if (lock === "watch" && !values.lockedBy && !values.lockedByMe) {
    problems.push(error("lockedBy", "Choose an attribute that gets who has the lock: otherwise it is not to be seen."));
  }
  if (!holds(lock)) return problems;
  if (!values.lockedByMe && !values.lockedBy) {
    problems.push(warning("lockedByMe", "Choose an attribute that says whether this page has the lock, and let it decide whether the data view is editable. The lock by itself keeps nobody from editing."));
  }
  if (!values.userName) problems.push(warning("userName", "Enter the name that others see, such as $currentUser/Name: they see a number otherwise."));
  if (!(values.lockTtl >= 1000 && values.lockTtl <= 3600000)) {
    problems.push(error("lockTtl", "Enter milliseconds between 1000, a second, and 3600000, an hour."));
  }
  return problems;
}

function error(property, message) {
  return { property: property, severity: "error", message: message };
}

function warning(property, message) {
  return { property: property, severity: "warning", message: message };
}

/** What an expression is that is one text: 'a' gives a. Null for any other. */
function literal(expression) {
  var match = /^\s*'((?:[^']|'')*)'\s*$/.exec(expression || "");
  return match ? match[1].replace(/''/g, "'") : null;
}

function isLocal(url) {
  return /^\w+:\/\/(localhost|127\.|\[::1\])/i.test(url);
}

function eventName(handler) {
  return handler.event === "custom" ? (handler.customEvent || "").replace(/^\s+|\s+$/g, "") : handler.event;
}

exports.getCustomCaption = function (values) {
  return "Flowcast: " + subject(values);
};

function subject(values) {
  if (values.watch === "key") return values.objectKey || "[no key]";
  if (values.watch === "service") return "everything of " + (literal(values.service) || values.service || "[no service]");
  return (values.objects && values.objects.caption) || (values.objects ? "objects" : "[no data source]");
}

exports.getPreview = function (values, isDarkMode) {
  var colours = isDarkMode
    ? { text: "#DEDEDE", quiet: "#A4A4A4", cast: "#5AA0FF", background: "#3B3B3B" }
    : { text: "#2F3646", quiet: "#6B707B", cast: "#146FF4", background: "#F8F8F8" };
  return {
    type: "RowLayout",
    columnSize: "grow",
    borders: true,
    backgroundColor: colours.background,
    children: [
      { type: "Container", grow: 0, padding: 8, children: [{ type: "Image", document: icon(colours.cast), width: 20, height: 20 }] },
      {
        type: "Container",
        grow: 1,
        padding: 6,
        children: [
          { type: "Text", content: "Flowcast", bold: true, fontColor: colours.text },
          { type: "Text", content: "Listens to " + subject(values), fontColor: colours.quiet, fontSize: 8 }
        ]
      }
    ]
  };
};

function icon(colour) {
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" viewBox="0 0 20 20" fill="none" stroke-linecap="round" stroke-width="2" stroke="' +
    colour +
    '"><circle cx="10" cy="15" r="1.5" fill="' +
    colour +
    '"/><path d="M6 11a5.5 5.5 0 0 1 8 0"/><path d="M3 7.5a9.5 9.5 0 0 1 14 0"/></svg>'
  );
}
