'use strict'

// Answers `POST /microflow` with the record, and hands it on.
exports.publishes = (publish) => {
  let nextId = 1
  return (request, response) => {
    if (request.method !== 'POST' || request.url !== '/microflow') {
      response.writeHead(404).end()
      return
    }
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      const record = { ...JSON.parse(body), id: nextId++ }
      const json = JSON.stringify(record)
      response.writeHead(201, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(json) })
      response.end(json)
      publish(record, json)
    })
  }
}
