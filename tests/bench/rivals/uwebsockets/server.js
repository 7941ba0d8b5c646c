'use strict'

// uWebSockets, driven from Node, with just enough of Engine.IO 4 and Socket.IO for their clients: whom a publish goes
// to, and what they are sent, is for its native publish and subscribe.
const uws = require('uwebsockets')
const { host, port, rooms } = require('../port.js')

const open = '0' + JSON.stringify({ sid: 'a', upgrades: [], pingInterval: 25000, pingTimeout: 20000, maxPayload: 1000000 })
const everybody = ' '
let nextId = 1

const app = uws.App()

app.ws('/*', {
  compression: uws.DISABLED,
  idleTimeout: 0,
  maxBackpressure: 64 * 1024 * 1024,
  open: (socket) => socket.send(open),
  message: (socket, message) => {
    const packet = Buffer.from(message).toString()
    if (packet.startsWith('40')) {
      if (!rooms) socket.subscribe(everybody)
      socket.send('40{"sid":"a"}')
    } else if (packet.startsWith('42')) {
      const at = packet.indexOf('[')
      const [, , keys] = JSON.parse(packet.slice(at))
      for (const key of keys) socket.subscribe(key)
      socket.send(`43${packet.slice(2, at)}[null,{}]`)
    }
  },
})

app.post('/microflow', (response) => {
  let body = ''
  response.onAborted(() => {})
  response.onData((chunk, last) => {
    body += Buffer.from(chunk).toString()
    if (!last) return
    const record = { ...JSON.parse(body), id: nextId++ }
    const json = JSON.stringify(record)
    response.cork(() => response.writeStatus('201 Created').writeHeader('Content-Type', 'application/json').end(json))
    app.publish(rooms ? record.text : everybody, `42["microflow created",${json}]`)
  })
})

app.listen(host, port, (socket) => {
  if (!socket) process.exit(1)
})
