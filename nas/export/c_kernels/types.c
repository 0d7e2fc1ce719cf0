/* Maps are [height][width][channels]. */
typedef struct {
  int height, width, channels;
} shape;

/* A window that slides over a map; dilation is the distance between its taps. */
typedef struct {
  int height, width, stride, pad_y, pad_x, dilation;
} window;
