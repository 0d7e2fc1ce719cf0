/* table: the result for each q, at q + 128 */
static void q_table(const int8_t *in, int8_t *out, int count, const int8_t *table) {
  for (int i = 0; i < count; ++i) out[i] = table[in[i] + 128];
}
