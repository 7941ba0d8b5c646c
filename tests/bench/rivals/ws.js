'use strict'

// ws by itself, with just enough of Engine.IO 4 and Socket.IO for their clients. A publish is framed once and the
// ready frame written past ws's own sender: the most that Node gives.
const http = require('node:http')
const { Sender, WebSocketServer } = require('ws')
const { publishes } = require('./publishes.js')
const { host, port } = require('./port.js')

const open = '0' + JSON.stringify({ sid: 'a', upgrades: [], pingInterval: 25000, pingTimeout: 20000, maxPayload: 1000000 })

const server = http.createServer(
  publishes((record, json) => {
    const packet = Buffer.from(`42["microflow created",${json}]`)
    const frame = Buffer.concat(Sender.frame(packet, { fin: true, opcode: 1, mask: false, readOnly: false }))
    for (const client of clients.clients) client._socket.write(frame)
  })
)
const clients = new WebSocketServer({ server, perMessageDeflate: false })
clients.on('connection', (client) => {
  client.send(open)
  client.on('message', (packet) => {
    if (packet.toString().startsWith('40')) client.send('40{"sid":"a"}')
  })
})
server.listen(port, host)
