'use strict'

// Feathers 5 on Koa with Socket.IO 4 and the in-memory store, as its generator sets it up.
const { feathers } = require('@feathersjs/feathers')
const { koa, rest, bodyParser, errorHandler } = require('@feathersjs/koa')
const { memory } = require('@feathersjs/memory')
const socketio = require('@feathersjs/socketio')
const { host, port, rooms } = require('./port.js')

const app = koa(feathers())
app.use(errorHandler())
app.use(bodyParser())
app.configure(rest())
app.configure(
  socketio((io) => {
    io.on('connection', (socket) => {
      socket.on('subscribe', (service, keys, answer) => {
        for (const key of keys) app.channel(`${service}/${key}`).join(socket.feathers)
        answer?.(null, {})
      })
    })
  })
)
app.use('microflow', memory({ paginate: { default: 10, max: 50 } }))
app.on('connection', (connection) => {
  if (!rooms) app.channel('everybody').join(connection)
})
app.publish((record) => app.channel(rooms ? `microflow/${record.text}` : 'everybody'))
app.listen(port, host)
