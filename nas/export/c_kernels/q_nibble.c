/* Number i, -8 to 7, of those that lie two to a byte, the first in its lower half. */
static int q_nibble(const int8_t *packed, int i) {
  return (((packed[i / 2] >> (i % 2 * 4)) & 15) ^ 8) - 8;
}
