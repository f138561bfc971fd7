(input, host) => {
  const width = 720, left = 110, right = 110, bar = 34, gap = 14, top = 64;
  const most = Math.max(...input.bars.map((b) => Math.max(0, b.amount)), 1);
  const safe = (text) => String(text).replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
  const short = (n) => Math.round(n).toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  const height = top + input.bars.length * (bar + gap) + 16;
  const bars = input.bars.map((b, i) => {
    const y = top + i * (bar + gap), w = Math.max(1, (width - left - right) * Math.max(0, b.amount) / most);
    return `  <text x="${left - 12}" y="${y + bar / 2 + 5}" text-anchor="end">${safe(b.region)}</text>\n`
      + `  <rect x="${left}" y="${y}" width="${w.toFixed(1)}" height="${bar}" rx="4" fill="#2f6f8f"/>\n`
      + `  <text x="${(left + w + 10).toFixed(1)}" y="${y + bar / 2 + 5}">${short(b.amount)}</text>`;
  }).join('\n');
  host.attach('chart.svg', 'image/svg+xml',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="15" fill="#1f2933">\n`
    + `  <rect width="100%" height="100%" fill="#ffffff"/>\n`
    + `  <text x="24" y="38" font-size="20" font-weight="600">${safe(input.title)}</text>\n${bars}\n</svg>\n`);
  return { file: 'chart.svg', bars: input.bars.length };
}
