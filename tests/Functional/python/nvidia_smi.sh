#!/bin/sh
# Stands in for the program nvidia-smi of a machine with two CUDA devices.
printf '0, GPU-aa11, NVIDIA A100-SXM4-40GB, 40960\n1, GPU-bb22, Tesla T4, 15360\n'
