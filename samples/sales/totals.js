(input, host) => {
  // RFC 4180, read leniently: quoted fields may hold commas, quotes and line breaks.
  const records = (text) => {
    const all = [];
    let fields = [], field = '', quoted = false, line = 1, began = 1;
    const end = () => { fields.push(field); field = ''; };
    for (let i = 0; i < text.length; i++) {
      const c = text[i];
      if (c === '\n') line++;
      if (quoted) {
        if (c !== '"') field += c;
        else if (text[i + 1] === '"') { field += '"'; i++; }
        else quoted = false;
      } else if (c === '"' && field === '') quoted = true;
      else if (c === ',') end();
      else if (c === '\n') { end(); all.push({ line: began, fields }); fields = []; began = line; }
      else if (c !== '\r') field += c;
    }
    if (field !== '' || fields.length) { end(); all.push({ line: began, fields }); }
    return all;
  };

  const amount = (text) => {
    const plain = text.trim().replace(/^\$/, '').replace(/^-\$/, '-').replace(/,/g, '');
    return /^-?\d+(\.\d+)?$/.test(plain) ? Math.round(parseFloat(plain) * 100) : null;
  };

  const month = (text) => {
    const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    const day = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text);
    const [y, m, d] = iso ? [iso[1], iso[2], iso[3]] : day ? [day[3], day[2], day[1]] : [];
    if (!y || +m < 1 || +m > 12 || +d < 1 || +d > new Date(Date.UTC(+y, +m, 0)).getUTCDate()) return null;
    return `${y}-${m}`;
  };

  const [head, ...body] = records(host.readText(input.file).replace(/^\uFEFF/, ''));
  const at = (name) => head.fields.findIndex((f) => f.trim().toLowerCase() === name);
  const [order, date, region, value] = ['order', 'date', 'region', 'amount'].map(at);
  if ([order, date, region, value].some((i) => i < 0))
    throw new Error(`${input.file} needs the columns Order, Date, Region and Amount; it has ${head.fields.join(', ')}`);

  const left = {}, seen = new Set(), regions = {}, months = {};
  let rows = 0, cents = 0;
  const leaveOut = (why) => { left[why] = (left[why] || 0) + 1; };
  for (const { line, fields } of body) {
    if (fields.every((f) => f.trim() === '')) continue;
    const place = (fields[region] || '').trim().toLowerCase();
    const when = month((fields[date] || '').trim());
    const paid = amount(fields[value] || '');
    if (!(fields[order] || '').trim()) { leaveOut('no order number'); continue; }
    if (seen.has(fields[order])) { leaveOut('order listed twice'); continue; }
    if (!place) { leaveOut('no region'); continue; }
    if (paid === null) { leaveOut('no amount'); host.log(`line ${line}: amount '${fields[value] || ''}'`); continue; }
    if (when === null) { leaveOut('impossible date'); continue; }
    seen.add(fields[order]);
    const name = place[0].toUpperCase() + place.slice(1);
    const sum = regions[name] || (regions[name] = { cents: 0, orders: 0 });
    sum.cents += paid; sum.orders++;
    months[when] = (months[when] || 0) + paid;
    cents += paid; rows++;
  }

  const money = (c) => (c / 100).toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  const by_region = Object.keys(regions).sort((a, b) => regions[b].cents - regions[a].cents)
    .map((name) => ({ region: name, orders: regions[name].orders, amount: regions[name].cents / 100 }));
  const by_month = Object.keys(months).sort().map((name) => ({ month: name, amount: months[name] / 100 }));
  const left_out = Object.keys(left).sort().map((why) => ({ why, rows: left[why] }));
  const table = ['| Region | Orders | Amount | Share |', '|---|---:|---:|---:|']
    .concat(by_region.map((r) => `| ${r.region} | ${r.orders} | ${money(Math.round(r.amount * 100))} | ${(r.amount / (cents / 100) * 100).toFixed(1)} % |`))
    .concat([`| **All** | **${rows}** | **${money(cents)}** | 100 % |`]).join('\n');
  return { rows, total: cents / 100, total_text: money(cents), by_region, by_month, left_out, table,
    left_out_text: left_out.map((l) => `${l.rows} with ${l.why}`).join(', ') || 'none' };
}
