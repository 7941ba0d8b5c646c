'use strict'

// Feathers 3 on Express with Socket.IO 2.3 and the in-memory store: the proof of concept's era.
const feathers = require('feathers-3')
const express = require('feathers-3-express')
const memory = require('feathers-3-memory')
const socketio = require('feathers-3-socketio')
const { host, port } = require('./port.js')

const app = express(feathers())
app.use(express.json())
app.configure(express.rest())
app.configure(socketio())
app.use('/microflow', memory({ paginate: { default: 10, max: 50 } }))
app.use(express.errorHandler())
app.on('connection', (connection) => app.channel('everybody').join(connection))
app.publish(() => app.channel('everybody'))
app.listen(port, host)
