'use strict'

// `--port N` and `--rooms`, as the bench starts every rival. Load and answers stay on this machine.
const { parseArgs } = require('node:util')

const { values } = parseArgs({ options: { port: { type: 'string' }, rooms: { type: 'boolean', default: false } } })

exports.host = '127.0.0.1'
exports.port = Number(values.port)
// Whether an event goes to those alone who subscribed to its key.
exports.rooms = values.rooms
