/* A text as a QR code (ISO/IEC 18004): bytes, error correction level L, the smallest version that holds it.
   Codes of what is ticked are made on the phone, without a network; no installed package has a maintained encoder for that. */
"use strict";
var qrCode = (function () {
  // by version, from 1: error correction bytes of a block, and blocks, at level L
  var CHECK = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28,
    28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30];
  var BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8,
    8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25];
  var MASKS = [
    function (x, y) { return (x + y) % 2; }, function (x, y) { return y % 2; }, function (x) { return x % 3; },
    function (x, y) { return (x + y) % 3; }, function (x, y) { return (Math.floor(x / 3) + Math.floor(y / 2)) % 2; },
    function (x, y) { return x * y % 2 + x * y % 3; }, function (x, y) { return (x * y % 2 + x * y % 3) % 2; },
    function (x, y) { return ((x + y) % 2 + x * y % 3) % 2; },
  ];

  function places(version) { // of alignment patterns, along each side
    if (version === 1) return [];
    var count = Math.floor(version / 7) + 2, found = [6];
    var step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2;
    for (var i = count - 2; i >= 0; i--) found.push(version * 4 + 10 - i * step);
    return found;
  }

  function capacity(version) { // in bytes, error correction included
    var bits = (16 * version + 128) * version + 64;
    if (version >= 2) {
      var count = Math.floor(version / 7) + 2;
      bits -= (25 * count - 10) * count - 55;
      if (version >= 7) bits -= 36;
    }
    return bits >> 3;
  }

  function room(version) { return capacity(version) - CHECK[version - 1] * BLOCKS[version - 1]; }

  function times(a, b) { // in the field of 256 elements, by 0x11d
    var product = 0;
    for (var i = 7; i >= 0; i--) {
      product = (product << 1) ^ ((product >>> 7) * 0x11d);
      if ((b >>> i) & 1) product ^= a;
    }
    return product;
  }

  function generator(degree) {
    var made = new Uint8Array(degree), root = 1;
    made[degree - 1] = 1;
    for (var i = 0; i < degree; i++) {
      for (var j = 0; j < degree; j++) made[j] = times(made[j], root) ^ (j + 1 < degree ? made[j + 1] : 0);
      root = times(root, 2);
    }
    return made;
  }

  function remainder(block, divisor) {
    var left = new Uint8Array(divisor.length);
    block.forEach(function (byte) {
      var factor = byte ^ left[0];
      left.copyWithin(0, 1);
      left[left.length - 1] = 0;
      for (var i = 0; i < left.length; i++) left[i] ^= times(divisor[i], factor);
    });
    return left;
  }

  function packed(bytes, version) { // mode, count, bytes, end, filling
    var bits = [];
    function push(value, length) { for (var i = length - 1; i >= 0; i--) bits.push((value >>> i) & 1); }
    push(4, 4);
    push(bytes.length, version < 10 ? 8 : 16);
    bytes.forEach(function (byte) { push(byte, 8); });
    push(0, Math.min(4, room(version) * 8 - bits.length));
    while (bits.length % 8) bits.push(0);
    for (var fill = 0xec; bits.length < room(version) * 8; fill ^= 0xec ^ 0x11) push(fill, 8);
    var data = new Uint8Array(bits.length / 8);
    bits.forEach(function (bit, i) { data[i >> 3] |= bit << (7 - (i & 7)); });
    return data;
  }

  function interleaved(data, version) {
    var count = BLOCKS[version - 1], check = CHECK[version - 1], all = capacity(version);
    var divisor = generator(check), short = Math.floor(all / count) - check, longer = all % count;
    var blocks = [], at = 0, out = [];
    for (var b = 0; b < count; b++) {
      var size = short + (b >= count - longer ? 1 : 0), part = data.subarray(at, at + size);
      blocks.push([part, remainder(part, divisor)]);
      at += size;
    }
    for (var i = 0; i <= short; i++) blocks.forEach(function (one) { if (i < one[0].length) out.push(one[0][i]); });
    for (i = 0; i < check; i++) blocks.forEach(function (one) { out.push(one[1][i]); });
    return out;
  }

  function drawn(version) { // the fixed patterns; 2 is free for data
    var size = version * 4 + 17, grid = [], around = places(version), last = around.length - 1;
    for (var y = 0; y < size; y++) grid.push(new Uint8Array(size).fill(2));
    function set(x, y, dark) { if (x >= 0 && y >= 0 && x < size && y < size) grid[y][x] = dark ? 1 : 0; }
    for (var i = 0; i < size; i++) { set(6, i, i % 2 === 0); set(i, 6, i % 2 === 0); }
    [[3, 3], [size - 4, 3], [3, size - 4]].forEach(function (middle) {
      for (var dy = -4; dy <= 4; dy++) for (var dx = -4; dx <= 4; dx++) {
        var ring = Math.max(Math.abs(dx), Math.abs(dy));
        set(middle[0] + dx, middle[1] + dy, ring !== 2 && ring !== 4);
      }
    });
    around.forEach(function (cy, j) {
      around.forEach(function (cx, i) {
        if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return;
        for (var dy = -2; dy <= 2; dy++) for (var dx = -2; dx <= 2; dx++)
          set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
      });
    });
    if (version >= 7) {
      var rest = version;
      for (i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
      var bits = version << 12 | rest;
      for (i = 0; i < 18; i++) {
        var a = size - 11 + i % 3, b = Math.floor(i / 3);
        set(a, b, (bits >>> i) & 1);
        set(b, a, (bits >>> i) & 1);
      }
    }
    format(grid, 0);
    return grid;
  }

  function format(grid, mask) { // error correction level and mask, twice
    var size = grid.length, data = 1 << 3 | mask, rest = data;
    for (var i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
    var bits = (data << 10 | rest) ^ 0x5412;
    function bit(i) { return (bits >>> i) & 1; }
    for (i = 0; i <= 5; i++) grid[i][8] = bit(i);
    grid[7][8] = bit(6);
    grid[8][8] = bit(7);
    grid[8][7] = bit(8);
    for (i = 9; i < 15; i++) grid[8][14 - i] = bit(i);
    for (i = 0; i < 8; i++) grid[8][size - 1 - i] = bit(i);
    for (i = 8; i < 15; i++) grid[size - 15 + i][8] = bit(i);
    grid[size - 8][8] = 1;
  }

  function filled(fixed, bytes, mask) {
    var size = fixed.length, grid = fixed.map(function (row) { return row.slice(); }), i = 0;
    for (var right = size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      for (var v = 0; v < size; v++) for (var j = 0; j < 2; j++) {
        var x = right - j, y = ((right + 1) & 2) === 0 ? size - 1 - v : v;
        if (fixed[y][x] !== 2) continue;
        var dark = i < bytes.length * 8 ? (bytes[i >> 3] >>> (7 - (i & 7))) & 1 : 0;
        grid[y][x] = dark ^ (MASKS[mask](x, y) === 0 ? 1 : 0);
        i++;
      }
    }
    format(grid, mask);
    return grid;
  }

  function penalty(grid) { // what makes a code hard to read: runs, blocks, what looks like a finder, too much of one colour
    var size = grid.length, sum = 0, dark = 0;
    function line(at) {
      var text = "";
      for (var i = 0; i < size; i++) text += at(i);
      (text.match(/0{5,}|1{5,}/g) || []).forEach(function (run) { sum += run.length - 2; });
      for (i = 0; i + 11 <= size; i++) {
        var part = text.substr(i, 11);
        if (part === "10111010000" || part === "00001011101") sum += 40;
      }
    }
    grid.forEach(function (row, y) {
      line(function (i) { return row[i]; });
      line(function (i) { return grid[i][y]; });
      for (var x = 0; x < size; x++) {
        dark += row[x];
        if (x && y && row[x] === row[x - 1] && row[x] === grid[y - 1][x] && row[x] === grid[y - 1][x - 1]) sum += 3;
      }
    });
    return sum + 10 * Math.floor(Math.abs(dark * 20 - size * size * 10) / (size * size));
  }

  function matrix(text) { // rows of 0 and 1, null where no code holds the text
    var bytes = Array.from(new TextEncoder().encode(text)), version = 1;
    while (version <= 40 && bytes.length * 8 + 4 + (version < 10 ? 8 : 16) > room(version) * 8) version++;
    if (version > 40) return null;
    var all = interleaved(packed(bytes, version), version), fixed = drawn(version), best = null, least = Infinity;
    for (var mask = 0; mask < 8; mask++) {
      var tried = filled(fixed, all, mask), bad = penalty(tried);
      if (bad < least) { least = bad; best = tried; }
    }
    return best;
  }

  function svg(text) {
    var rows = matrix(text);
    if (!rows) return "";
    var size = rows.length + 8, path = "";
    rows.forEach(function (row, y) {
      row.forEach(function (dark, x) { if (dark) path += "M" + (x + 4) + " " + (y + 4) + "h1v1h-1z"; });
    });
    return '<svg viewBox="0 0 ' + size + " " + size + '" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h' + size +
      "v" + size + "h-" + size + 'z"/><path fill="#000" d="' + path + '"/></svg>';
  }

  return { matrix: matrix, svg: svg };
})();
