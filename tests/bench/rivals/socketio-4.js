'use strict'

// Socket.IO 4 by itself: a publish is emitted to all, or to the room of its key.
const http = require('node:http')
const { Server } = require('socket.io')
const { publishes } = require('./publishes.js')
const { host, port, rooms } = require('./port.js')

const server = http.createServer(publishes((record) => (rooms ? io.to(record.text) : io).emit('microflow created', record)))
const io = new Server(server)
io.on('connection', (socket) => {
  socket.on('subscribe', (service, keys, answer) => {
    socket.join(keys)
    answer?.(null, {})
  })
})
server.listen(port, host)
