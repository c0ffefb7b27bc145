#!/bin/sh
# Shows: Weir with nothing but curl.
set -eu

url=${WEIR_URL:-$(sed -n 's/.*"url": *"\([^"]*\)".*/\1/p' .weir/demo.json | head -n 1)}
key=${WEIR_KEY:-$(sed -n 's/.*"pro": *"\(wr_[^"]*\)".*/\1/p' .weir/demo.json)}

post() {
  curl --silent --show-error --no-buffer "$url$1" \
    -H "authorization: Bearer $key" -H 'content-type: application/json' -d "$2"
  echo
}

echo '# A chat'
post /v1/chat/completions '{"model": "sandbox-chat", "messages": [{"role": "user", "content": "Hello, Weir"}]}'

echo '# A stream'
post /v1/chat/completions '{"model": "sandbox-chat", "stream": true, "messages": [{"role": "user", "content": "Hello"}]}'

echo '# An embedding'
post /v1/embeddings '{"model": "sandbox-embedding", "input": "a weir in a river", "dimensions": 4}'

echo '# What admission would say, with nothing held'
post /v1/admission/explain '{"model": "sandbox-chat", "messages": [{"role": "user", "content": "Hello"}]}'
